"""Line protocol of the bench's workers: one JSON request a line on stdin, one JSON reply a line on stdout.

Request `{"op": "train"|"predict", "network": "seed"|"residual", "batch": n, "threads": n, "steps": n}`; a process serves one such
setting, and `steps: 0` only builds and warms up. Reply `{"ms": wall time per step, "cpuMs": user + system time of all
threads per step, "peakMegabytes": of this process so far, "versions": {...}}`.
"""

import json
import re
import sys
import time
from pathlib import Path


def peak_megabytes() -> float:
    status = Path('/proc/self/status').read_text()
    return int(re.search(r'VmHWM:\s+(\d+)', status).group(1)) / 1024


def serve(build, versions: dict) -> None:
    """@param build: request -> a function that runs one step and waits for its result"""
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        if step is None:
            step = build(request)
            for _ in range(2):
                step()
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(request['steps']):
            step()
        per_step = 1000 / max(1, request['steps'])
        ms, cpu_ms = (time.perf_counter() - start) * per_step, (time.process_time() - cpu) * per_step
        print(json.dumps({'ms': ms, 'cpuMs': cpu_ms, 'peakMegabytes': peak_megabytes(), 'versions': versions}), flush=True)
