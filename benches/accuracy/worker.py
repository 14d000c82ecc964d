"""NumPy's results for arguments from standard input, to standard output.

A line `NAME ARITY DTYPE COUNT` is followed by the arguments' bytes, of an array after the other, and answered with as many
bytes as one of them has.
"""

import sys

import numpy as np

np.seterr(all="ignore")
read, write = sys.stdin.buffer, sys.stdout.buffer
while line := read.readline():
    name, arity, dtype, count = line.decode().split()
    kind = np.dtype(dtype).newbyteorder("<")
    size = int(count) * kind.itemsize
    arguments = [np.frombuffer(read.read(size), kind) for _ in range(int(arity))]
    write.write(getattr(np, name)(*arguments).tobytes())
    write.flush()
