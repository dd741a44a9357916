"""Answers each line `NETWORK BATCH STEPS` with processor milliseconds per training step (one thread), as JSON."""
import json
import resource
import sys

import torch
from networks import NETWORKS

torch.set_num_threads(1)
torch.manual_seed(1)
print(json.dumps({'torch': torch.__version__}), flush=True)
state = (None, None, None)
for line in sys.stdin:
    name, batch, steps = line.split()
    if state[0] != name:
        net = NETWORKS[name]().train()
        state = (name, net, torch.optim.Adam(net.parameters(), 1e-4))
    _, net, adam = state
    images, labels = torch.randn(int(batch), 3, 36, 36), torch.arange(int(batch)) % 6
    times = []
    for _ in range(int(steps)):
        before = resource.getrusage(resource.RUSAGE_SELF)
        adam.zero_grad()
        torch.nn.functional.cross_entropy(net(images), labels).backward()
        adam.step()
        after = resource.getrusage(resource.RUSAGE_SELF)
        times.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    parameters = sum(p.numel() for p in net.parameters())
    print(json.dumps({'ms': times, 'parameters': parameters}), flush=True)
