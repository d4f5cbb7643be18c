"""Scouting for the recipe `default`: many small trainings at once on one GPU, in PyTorch. Nothing of it ships; what it led to
is trained and judged by giemsa itself. Results: docs/results/experiments.md.

    search.py PACKED PLAN.json OUT SECONDS AT_ONCE

Each entry of a plan is a four-fold cross-validation over the search patients: name, labels trained on, seed, settings.
"""

import os, sys, io, json, time, math, glob, traceback
import numpy as np
from PIL import Image
import torch, torch.nn as nn, torch.nn.functional as F
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
DEV = "cuda" if torch.cuda.is_available() else "cpu"
torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True


def load(data, n, S):
    files = sorted(glob.glob(data + "/[0-9]*.*"))

    def one(f):
        a = np.asarray(Image.open(f).convert("RGB"))
        return a.reshape(16, S, 16, S, 3).transpose(0, 2, 1, 3, 4).reshape(256, S, S, 3)

    with ThreadPoolExecutor(16) as p:
        a = list(p.map(one, files))
    return torch.from_numpy(np.concatenate(a)[:n]).permute(0, 3, 1, 2).contiguous()


# ---------------------------------------------------------------- network
class SE(nn.Module):
    def __init__(s, c, r=4):
        super().__init__()
        s.a = nn.Linear(c, max(4, c // r))
        s.b = nn.Linear(max(4, c // r), c)

    def forward(s, x):
        g = torch.sigmoid(s.b(F.relu(s.a(x.mean((2, 3))))))
        return x * g[:, :, None, None]


def cbn(i, o, k, st=1, g=1):
    return nn.Sequential(nn.Conv2d(i, o, k, st, k // 2, groups=g, bias=False), nn.BatchNorm2d(o))


class Block(nn.Module):
    def __init__(s, i, o, st, act, se, kind):
        super().__init__()
        s.act = act
        if kind == "res":
            s.f = nn.Sequential(cbn(i, o, 3, st), act(), cbn(o, o, 3))
        elif kind == "dw":  # inverted residual
            m = i * 4
            s.f = nn.Sequential(cbn(i, m, 1), act(), cbn(m, m, 3, st, m), act(), cbn(m, o, 1))
        s.se = SE(o) if se else None
        s.sc = cbn(i, o, 1, st) if st != 1 or i != o else None
        s.out = act()

    def forward(s, x):
        y = s.f(x)
        if s.se is not None:
            y = s.se(y)
        return s.out(y + (x if s.sc is None else s.sc(x)))


class Net(nn.Module):
    def __init__(s, c):
        super().__init__()
        act = {"relu": nn.ReLU, "silu": nn.SiLU}[c.get("act", "relu")]
        k, st, w = c["stem"]
        L = [cbn(3, w, k, st), act()]
        for o, b, stride in c["stages"]:
            for j in range(b):
                L.append(Block(w, o, stride if j == 0 else 1, act, c.get("se", 0), c.get("kind", "res")))
                w = o
        s.body = nn.Sequential(*L)
        s.pool = c.get("pool", "avg")
        s.drop = c.get("drop", 0)
        if s.pool == "gem":
            s.p = nn.Parameter(torch.tensor(3.0))
        s.head = nn.Linear(w * (2 if s.pool == "avgmax" else 1), 2 if c.get("heads") else 1)

    def forward(s, x):
        x = s.body(x)
        if s.pool == "avg":
            x = x.mean((2, 3))
        elif s.pool == "max":
            x = x.amax((2, 3))
        elif s.pool == "avgmax":
            x = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        elif s.pool == "gem3":
            x = (x.float().clamp(min=0).pow(3).mean((2, 3)) + 1e-6).pow(1 / 3)
        elif s.pool == "gem":
            x = x.float().clamp(min=1e-4).pow(s.p).mean((2, 3)).pow(1 / s.p)
        if s.drop:
            x = F.dropout(x, s.drop, s.training)
        return s.head(x)


def macs(c):
    n = Net(c)
    t = [0]

    def h(m, i, o):
        t[0] += o[0].numel() * m.in_channels // m.groups * m.kernel_size[0] ** 2

    for m in n.modules():
        if isinstance(m, nn.Conv2d):
            m.register_forward_hook(h)
    n.eval()
    n(torch.zeros(1, 3, c["size"], c["size"]))
    return t[0] / 1e6, sum(p.numel() for p in n.parameters())


# ---------------------------------------------------------------- augmentation: x float [B,3,s,s] in 0..1, u uniform [B,24]
def augment(x, u, a):
    B, _, s, _ = x.shape
    sg = 2 * u - 1
    ang = math.pi * (sg[:, 0] * a.get("rot", 0) / 180 if a.get("rot", 0) < 180 else sg[:, 0])
    if a.get("rot", 0) < 180:
        ang = ang + torch.floor(u[:, 1] * 4) * (math.pi / 2)
    flip = torch.where(u[:, 2] < 0.5, -1.0, 1.0)
    sc = 1 / (1 + a.get("zoom", 0.1) * sg[:, 3])
    asp = 1 + a.get("aspect", 0) * sg[:, 13]
    c, si = torch.cos(ang) * sc, torch.sin(ang) * sc
    sh = a.get("shift", 3) * 2 / s
    th = torch.stack(
        [torch.stack([c * flip * asp, -si, sh * sg[:, 4]], 1), torch.stack([si * flip * asp, c, sh * sg[:, 5]], 1)], 1
    )
    g = F.affine_grid(th, list(x.shape), align_corners=False)
    x = F.grid_sample(x, g, mode="bilinear", padding_mode="zeros", align_corners=False)
    m = (x.sum(1, keepdim=True) > 30 / 255).float()
    n = m.sum((2, 3), keepdim=True).clamp(min=1)
    mean = (x * m).sum((2, 3), keepdim=True) / n
    f = lambda k, i: (1 + k * sg[:, i]).view(-1, 1, 1, 1)
    if a.get("od", 0):  # stain concentration jitter in optical density (Tellez 2018): od*(1+alpha)+beta per channel
        od = -torch.log(x.clamp(min=1 / 255))
        al = 1 + a["od"] * sg[:, 14:17]
        be = a["od"] * 0.3 * sg[:, 17:20]
        x = torch.exp(-(od * al[:, :, None, None] + be[:, :, None, None])).clamp(0, 1)
        mean = (x * m).sum((2, 3), keepdim=True) / n
    k = a.get("colour", 1)
    grey = x.mean(1, keepdim=True)
    y = grey + (x - grey) * f(0.2 * k, 6)
    mean2 = mean.mean(1, keepdim=True) + (mean - mean.mean(1, keepdim=True)) * f(0.2 * k, 6)
    y = mean2 + (y - mean2) * f(0.15 * k, 7)
    y = y * f(0.15 * k, 8) * (1 + 0.08 * k * sg[:, 9:12]).view(-1, 3, 1, 1)
    x = torch.where(m > 0, y.clamp(0, 1), x)
    if a.get("blur", 0):
        w = (u[:, 20] * a["blur"]).view(-1, 1, 1, 1)  # mix with a 3x3 binomial blur
        q = F.pad(x, (1, 1, 0, 0))
        q = (q[..., :-2] + 2 * q[..., 1:-1] + q[..., 2:]) / 4
        q = F.pad(q, (0, 0, 1, 1))
        q = (q[..., :-2, :] + 2 * q[..., 1:-1, :] + q[..., 2:, :]) / 4
        x = x * (1 - w) + w * q
    if a.get("cut", 0):  # a straight cut-off, as bad segmentation makes it
        gx = torch.linspace(-1, 1, s, device=x.device)
        t = 2 * math.pi * u[:, 21]
        d = gx.view(1, 1, s) * torch.cos(t).view(-1, 1, 1) + gx.view(1, s, 1) * torch.sin(t).view(-1, 1, 1)
        lim = torch.where(u[:, 22] < a["cut"], 0.35 + 0.5 * u[:, 23], torch.full_like(t, 9.0)).view(-1, 1, 1)
        x = x * (d < lim).float()[:, None]
    return x


# ---------------------------------------------------------------- one training
class Job:
    def __init__(s, D, cfg, fold, seed, labels, target=None):
        s.D = D
        s.cfg = cfg
        s.fold = fold
        s.seed = seed
        s.labels = labels
        torch.manual_seed(seed * 1000 + fold)
        B = cfg.get("batch", 64)
        E = cfg["epochs"]
        s.B = B
        tr = np.where(D["fold"] != fold)[0] if fold >= 0 else np.arange(len(D["fold"]))
        if target is None:
            y = D["label"].copy().astype(np.float32)
            if labels == "relabelled":
                y = np.where(D["dis"] & ~D["healthy"], 1 - y, y)
            if labels == "dropped":
                tr = tr[~D["dis"][tr]]
            doubted = D["dis"] & ~D["healthy"]
            if cfg.get("soft"):  # of what the relabelled label says of a doubted cell
                y = np.where(doubted, y * cfg["soft"] + (1 - y) * (1 - cfg["soft"]), y)
            target = np.stack([y, D["label"]], 1) if cfg.get("heads") else y[:, None]
        s.y = torch.from_numpy(np.asarray(target, np.float32)).to(DEV)
        w = np.ones(len(D["fold"]), np.float32)
        if cfg.get("hw"):
            w[D["healthy"]] = cfg["hw"]
        if cfg.get("dw"):
            w[D["healthy"] & D["dis"]] = cfg["dw"]
        if "fw" in cfg and labels == "relabelled":
            w[D["dis"] & ~D["healthy"] & ~D["label"]] = cfg["fw"]
        s.w = torch.from_numpy(w).to(DEV)
        steps = len(tr) // B
        s.T = steps * E
        rng = np.random.default_rng(seed * 77 + fold)
        order = np.concatenate([rng.permutation(tr)[: steps * B] for _ in range(E)]).reshape(s.T, B)
        s.order = torch.from_numpy(order).to(DEV)
        s.x = D["img"][cfg["size"]]
        t = np.arange(s.T) / s.T
        wu = cfg.get("warm", 0.25)
        pk = cfg.get("peak", 4e-3)
        lr = np.where(
            t < wu,
            pk * (0.04 + 0.96 * (1 - np.cos(np.pi * t / wu)) / 2),
            pk * (1 + np.cos(np.pi * (t - wu) / (1 - wu))) / 2,
        )
        k = np.arange(1, s.T + 1)
        b1, b2 = 0.9, cfg.get("b2", 0.999)
        f = lambda a: torch.tensor(np.asarray(a), dtype=torch.float32, device=DEV)
        s.lr = f(lr)
        s.c1 = f(1 / (1 - b1**k))
        s.c2 = f(1 / (1 - b2**k))
        s.b1, s.b2 = b1, b2
        s.ema = f(1 - np.minimum(cfg.get("ema", 0.995), (1 + k) / (10 + k)))
        s.boot = f(cfg.get("boot", 0) * np.clip((t - 0.3) / 0.3, 0, 1))
        s.net = Net(cfg).to(DEV)
        for m in s.net.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out" if m.groups == 1 else "fan_in", nonlinearity="relu")
        s.net = s.net.to(memory_format=torch.channels_last)
        P = list(s.net.parameters())
        n = sum(p.numel() for p in P)
        s.flat = torch.empty(n, device=DEV)
        s.grad = torch.zeros(n, device=DEV)
        wd = torch.zeros(n, device=DEV)
        o = 0
        for p in P:
            q = p.numel()
            if p.dim() == 4:
                v = s.flat[o : o + q].view(p.shape[0], p.shape[2], p.shape[3], p.shape[1]).permute(0, 3, 1, 2)
                g = s.grad[o : o + q].view(p.shape[0], p.shape[2], p.shape[3], p.shape[1]).permute(0, 3, 1, 2)
            else:
                v = s.flat[o : o + q].view(p.shape)
                g = s.grad[o : o + q].view(p.shape)
            v.copy_(p.data)
            p.data = v
            p.grad = g
            if p.dim() > 1:
                wd[o : o + q] = cfg.get("wd", 0.05)
            o += q
        s.wd = wd
        s.m = torch.zeros(n, device=DEV)
        s.v = torch.zeros(n, device=DEV)
        s.avg = s.flat.clone()
        s.buf = [b for k_, b in s.net.named_buffers() if b.is_floating_point()]
        s.bufavg = [b.clone() for b in s.buf]
        s.t = torch.zeros(1, dtype=torch.long, device=DEV)
        s.lossv = torch.zeros(1, device=DEV)
        s.done = 0
        s.net.train()
        s.gen_u = torch.rand(s.T, B, 24, device=DEV)
        s.stream = torch.cuda.Stream() if DEV == "cuda" else None
        s.graph = None
        s.ev = None

    def step(s):
        c = s.cfg
        idx = s.order.index_select(0, s.t)[0]
        u = s.gen_u.index_select(0, s.t)[0]
        x = s.x.index_select(0, idx).float() / 255
        y = s.y.index_select(0, idx)
        x = augment(x, u, c.get("aug", {}))
        if c.get("mix", 0):
            lam = (1 - c["mix"] * u[:1, 12]).view(1)
            x = x * lam + (1 - lam) * x.roll(1, 0)
            y = y * lam + (1 - lam) * y.roll(1, 0)
        x = x.to(memory_format=torch.channels_last)
        s.grad.zero_()
        with torch.autocast(DEV, dtype=torch.bfloat16, enabled=DEV == "cuda", cache_enabled=False):
            z = s.net(x)
        z = z.float()
        if c.get("boot", 0):
            b = s.boot.index_select(0, s.t)
            y = y * (1 - b) + b * torch.sigmoid(z.detach())
        ls = c.get("ls", 0)
        y = y * (1 - ls) + ls / 2
        if c.get("gce", 0):
            p = torch.sigmoid(z)
            q = c["gce"]
            pt = (p * y + (1 - p) * (1 - y)).clamp(1e-6, 1)
            loss = ((1 - pt**q) / q).mean()
        else:
            loss = (F.binary_cross_entropy_with_logits(z, y, reduction="none").mean(1) * s.w.index_select(0, idx)).mean()
        loss.backward()
        s.lossv.add_(loss.detach())
        lr = s.lr.index_select(0, s.t)
        c1 = s.c1.index_select(0, s.t)
        c2 = s.c2.index_select(0, s.t)
        e = s.ema.index_select(0, s.t)
        s.m.mul_(s.b1).add_(s.grad, alpha=1 - s.b1)
        s.v.mul_(s.b2).addcmul_(s.grad, s.grad, value=1 - s.b2)
        up = (s.m * c1) / ((s.v * c2).sqrt() + 1e-8) + s.wd * s.flat
        s.flat.sub_(up * lr)
        s.avg.add_((s.flat - s.avg) * e)
        for a, b in zip(s.bufavg, s.buf):
            a.add_((b - a) * e)
        s.t.add_(1)

    def start(s):
        if DEV != "cuda" or os.environ.get("EAGER"):
            return
        keep = [z.clone() for z in (s.flat, s.m, s.v, s.avg, s.t, s.lossv)]
        kb = [b.clone() for b in s.buf]
        ka = [b.clone() for b in s.bufavg]
        s.stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(s.stream):
            for _ in range(2):
                s.step()
        s.stream.synchronize()
        s.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(s.graph, stream=s.stream, capture_error_mode="thread_local"):
            s.step()
        torch.cuda.synchronize()
        for z, k in zip((s.flat, s.m, s.v, s.avg, s.t, s.lossv), keep):
            z.copy_(k)
        for z, k in zip(s.buf, kb):
            z.copy_(k)
        for z, k in zip(s.bufavg, ka):
            z.copy_(k)
        torch.cuda.synchronize()

    def advance(s, n):
        n = min(n, s.T - s.done)
        if s.graph is not None:
            if s.ev is not None:
                s.ev.synchronize()
            with torch.cuda.stream(s.stream):
                for _ in range(n):
                    s.graph.replay()
                s.ev = torch.cuda.Event()
                s.ev.record(s.stream)
        else:
            for _ in range(n):
                s.step()
        s.done += n
        return s.done >= s.T

    @torch.no_grad()
    def finish(s):
        if DEV == "cuda":
            s.stream.synchronize()
        s.flat.copy_(s.avg)
        for a, b in zip(s.bufavg, s.buf):
            b.copy_(a)
        s.net.eval()
        idx = (
            torch.from_numpy(np.where(s.D["fold"] == s.fold)[0]).to(DEV) if s.fold >= 0 else torch.arange(0, device=DEV)
        )
        out = []
        for k in range(0, len(idx), 2048):
            x = s.x.index_select(0, idx[k : k + 2048]).float() / 255
            zs = []
            for v in range(8):
                y = torch.rot90(x, v % 4, (2, 3))
                y = y.flip(3) if v >= 4 else y
                with torch.autocast(DEV, dtype=torch.bfloat16, enabled=DEV == "cuda"):
                    z = s.net(y.contiguous(memory_format=torch.channels_last))
                zs.append(z.float()[:, 0])
                if v == 0:
                    last = z.float()[:, -1]
            out.append(torch.stack([*zs, last], 1))
        r = torch.cat(out).cpu().numpy() if out else None
        s.trainloss = float(s.lossv) / s.T
        s.graph = None
        s.net = None
        return r


# ---------------------------------------------------------------- figures
def auc(y, p):
    o = np.argsort(p, kind="stable")
    r = np.empty(len(p))
    ps = p[o]
    i = 0
    _, inv, cnt = np.unique(p, return_inverse=True, return_counts=True)
    end = np.cumsum(cnt)
    r = (end - (cnt - 1) / 2)[inv]
    n1 = y.sum()
    n0 = len(y) - n1
    return (r[y].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


def figures(D, z, labels):
    p = 1 / (1 + np.exp(-z))
    y = D["label"]
    h = D["healthy"]
    yr = np.where(D["dis"] & ~h, ~y, y)
    k = ~D["dis"]
    R = {}

    def acc(y, p):
        d = p >= 0.5
        tp = (d & y).sum()
        tn = (~d & ~y).sum()
        fp = (d & ~y).sum()
        fn = (~d & y).sum()
        return (tp + tn) / len(y), (tp * tn - fp * fn) / math.sqrt(
            float((tp + fp)) * (tp + fn) * (tn + fp) * (tn + fn) + 1e-9
        )

    for nm, yy, pp in (("pub", y, p), ("rel", yr, p), ("drop", y[k], p[k])):
        a, m = acc(yy, pp)
        R[nm] = [round(float(auc(yy, pp)), 5), round(float(a), 4), round(float(m), 4)]
    for s in (0.95, 0.9):
        t = np.quantile(p[yr], 1 - s)
        R[f"fp@{s}"] = round(float((p[h] >= t).mean() * 1000), 1)
    neg = np.sort(p[~y])
    t = np.quantile(neg, 0.972)
    se = [(p[(D["pat"] == q) & y] > t).mean() for q in np.unique(D["pat"]) if ((D["pat"] == q) & y).sum() >= 10]
    R["p10"] = round(float(np.quantile(se, 0.1)), 3)
    R["fold"] = [round(float(auc(y[D["fold"] == f], p[D["fold"] == f])), 4) for f in sorted(set(D["fold"].tolist()))]
    return R


def main():
    T0 = time.time()
    data = sys.argv[1]
    plan = json.load(open(sys.argv[2]))
    out = sys.argv[3]
    limit = float(sys.argv[4])
    K = int(sys.argv[5])
    M = np.load(data + "/meta.npz")
    D = {k: M[k] for k in ("label", "dis", "pat", "healthy", "fold")}
    N = len(D["fold"])
    D["label"] = D["label"].astype(bool)
    S = int(M["size"])
    raw = load(data, N, S).to(DEV)
    print("loaded", N, round(time.time() - T0, 1), flush=True)
    D["img"] = {S: raw}
    for size in {c["cfg"]["size"] for c in plan} - {S}:
        D["img"][size] = torch.cat(
            [
                F.interpolate(
                    raw[i : i + 1024].float(), size=(size, size), mode="bilinear", antialias=True, align_corners=False
                )
                .round()
                .clamp(0, 255)
                .to(torch.uint8)
                for i in range(0, N, 1024)
            ]
        )
    todo = []
    preds = {}
    stat = {}
    for e, c in enumerate(plan):
        for fold in c.get("folds", [0, 1, 2, 3]):
            todo.append((e, c, fold))
    active = []
    log = open(out + "/results.jsonl", "w")
    started = time.time()

    def ready(c):
        return all(d in stat and stat[d]["left"] == 0 for d in c.get("teachers", []))

    while todo or active:
        while len(active) < K and todo and time.time() - T0 < limit:
            pick = next((i for i, (e, c, f) in enumerate(todo) if ready(c)), None)
            if pick is None:
                break
            e, c, fold = todo.pop(pick)
            try:
                j = Job(D, c["cfg"], fold, c["seed"], c["labels"])
                j.start()
                j.e = e
                j.c = c
                j.t0 = time.time()
                active.append(j)
            except Exception:
                traceback.print_exc()
        if not active:
            break
        for j in list(active):
            if j.advance(16):
                active.remove(j)
                try:
                    z = j.finish()
                except Exception:
                    traceback.print_exc()
                    continue
                preds.setdefault(j.c["name"], {})[j.fold] = z
                st = stat.setdefault(j.c["name"], dict(left=len(j.c.get("folds", [0, 1, 2, 3])), sec=0, loss=[]))
                st["left"] -= 1
                st["sec"] += time.time() - j.t0
                st["loss"].append(round(j.trainloss, 4))
                if st["left"] == 0:
                    q = preds[j.c["name"]]
                    full = np.zeros((N, 9), np.float32)
                    for f, zz in q.items():
                        full[D["fold"] == f] = zz
                    preds[j.c["name"]] = full
                    sel = np.isin(D["fold"], list(q))
                    d2 = {k: D[k][sel] for k in ("label", "dis", "pat", "healthy", "fold")}
                    r = dict(
                        name=j.c["name"],
                        at=round(time.time() - T0),
                        sec=round(st["sec"]),
                        loss=st["loss"],
                        one=figures(d2, full[sel, 0], j.c["labels"]),
                        eight=figures(d2, full[sel, :8].mean(1), j.c["labels"]),
                    )
                    log.write(json.dumps(r) + "\n")
                    log.flush()
                    print(
                        r["at"],
                        r["name"],
                        "1:",
                        r["one"]["pub"],
                        r["one"]["rel"],
                        r["one"]["fp@0.95"],
                        r["one"]["fp@0.9"],
                        r["one"]["p10"],
                        "8:",
                        r["eight"]["pub"],
                        r["eight"]["rel"],
                        r["eight"]["fp@0.95"],
                        r["eight"]["fp@0.9"],
                        flush=True,
                    )
                del j
                if time.time() - T0 > limit + 60:
                    todo = []
        if time.time() - T0 > limit + 40:
            print("time is up, dropping", len(active))
            break
    # of each cell: one view, eight views averaged, the last output's one view
    np.savez_compressed(
        out + "/preds.npz",
        **{k: np.stack([v[:, 0], v[:, :8].mean(1), v[:, 8]], 1) for k, v in preds.items() if isinstance(v, np.ndarray)},
    )
    print("end", round(time.time() - T0, 1), flush=True)


if __name__ == "__main__":
    main()
