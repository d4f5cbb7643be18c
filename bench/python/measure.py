"""Runs a command to its end and prints its wall time, user + system time and peak memory as JSON.

    measure.py COMMAND [ARGUMENT...]
"""

import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'status': status, 'wallSeconds': wall, 'cpuSeconds': used.ru_utime + used.ru_stime, 'peakMegabytes': used.ru_maxrss / 1024}))
