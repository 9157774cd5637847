"""Code that is compiled otherwise than it was written: live objects among its constants, parts of it exchanged."""
