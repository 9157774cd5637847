"""How strong a net is: targets are changed in small ways, and the net is asked whether it notices.

`operators` say how code may be wrong, `mutants` where, `arid` which of these changes tell nothing.
"""
