"""Worker: PyTorch, eager, with `--channels-last` or in its default layout; Adam fused.

`--avx2` holds it to what processors without AVX-512 run.
"""

import os
import sys

if '--avx2' in sys.argv:
    os.environ.update({'ONEDNN_MAX_CPU_ISA': 'AVX2', 'ATEN_CPU_CAPABILITY': 'avx2', 'MKL_ENABLE_INSTRUCTIONS': 'AVX2'})

import torch
import torch.nn.functional as F

from networks_torch import BUILD, SIZES, penalised
from protocol import serve

LAYOUT = torch.channels_last if '--channels-last' in sys.argv else torch.contiguous_format


def build(request):
    torch.set_num_threads(request['threads'])
    torch.manual_seed(0)
    size, batch = SIZES[request['network']], request['batch']
    images = torch.rand(batch, 3, size, size).to(memory_format=LAYOUT)
    targets = (torch.arange(batch) % 2).float()[:, None]
    model = BUILD[request['network']]().to(memory_format=LAYOUT)
    kernels = penalised(model) if request['network'] == 'seed' else []
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, fused=True)

    def train():
        optimiser.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(model(images), targets)
        for kernel in kernels:
            loss = loss + 1e-5 * kernel.square().sum()
        loss.backward()
        optimiser.step()
        return loss.item()

    def predict():
        with torch.inference_mode():
            return torch.sigmoid(model(images)).numpy()

    model.train(request['op'] == 'train')
    return {'train': train, 'predict': predict}[request['op']]


if __name__ == '__main__':
    serve(build, {'torch': torch.__version__, 'python': sys.version.split()[0]})
