"""In the process of the legacy system: a candidate runs, and nothing of it is left behind.

What is guarded: exceptions, prints, logging, warnings filters, the random streams of Python and numpy, the
environment, module variables of the legacy system that the candidate's code names, context variables and the
decimal context, SQLite connections that it names; files, processes, sockets and threads are refused.

What cannot be guarded in one process: a hang, objects that are reached some other way, libraries written in C that
write on their own. For these there are workers.
"""
