"""Learning rates of PyTorch's OneCycleLR and SequentialLR, for src/recipes/schedule.test.ts.

python scripts/reference/make_schedules.py > test/fixtures/schedules.json   (torch)
"""

import json
import warnings

import torch
from torch.optim.lr_scheduler import LambdaLR, OneCycleLR

warnings.filterwarnings("ignore")


def rates(make, steps):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    out = []
    for _ in range(steps):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step() if len(out) < steps else None
    return out


one_cycle = []
for steps, peak, warm_up, initial, final in [
    (10, 0.01, 0.3, None, None),
    (344, 4e-3, 0.25, None, None),
    (57, 0.1, 0.1, 0.01, 0.001),
    (40, 1e-3, 0.5, 1e-4, 1e-7),
    (20, 1e-3, 1.0, None, None),
]:
    start = peak / 25 if initial is None else initial
    end = start / 1e4 if final is None else final
    schedule = {"type": "one-cycle", "peak": peak, "warmUp": warm_up}
    if initial is not None:
        schedule |= {"initial": initial, "final": final}
    one_cycle.append(
        {
            "schedule": schedule,
            "steps": steps,
            "rates": rates(
                lambda o: OneCycleLR(
                    o,
                    max_lr=peak,
                    total_steps=steps,
                    pct_start=warm_up,
                    div_factor=peak / start,
                    final_div_factor=start / end,
                ),
                steps,
            ),
        }
    )

print(json.dumps({"torch": torch.__version__.split("+")[0], "oneCycle": one_cycle}))
