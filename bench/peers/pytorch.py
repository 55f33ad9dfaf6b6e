"""PyTorch as a contender of the benchmark: `python3 pytorch.py eager|compile CASE`, speaking the lines of bench/protocol.ts.

eager: what one writes by hand. compile: the losses through torch.compile; the penalty as torch.func.grad inside the compiled
loss, since torch.autograd.grad of a compiled module is refused ("does not currently support double backward").
"""
import json
import os
import sys
import time

MODE, CASE = sys.argv[1], json.loads(sys.argv[2])


def say(line):
    print(json.dumps(line), flush=True)


def cannot(reason):
    say({'cannot': ' '.join(str(reason).split())[:500]})
    sys.exit(0)


try:
    import torch
    import torch.nn as nn
except ImportError as error:
    cannot(f'{sys.executable} has no PyTorch ({error}): pip install torch, or name a Python that has it in EARTHMOVER_PYTHON.')

torch.set_num_threads(int(os.environ.get('EARTHMOVER_BENCH_THREADS', torch.get_num_threads())))
BATCH, LATENT, SAMPLE, LAMBDA = CASE['batchSize'], CASE['latent'], CASE['sample'], CASE['lambda']


def mlp(depth, width, **_):
    def stack(i, o):
        sizes = [i] + [width] * depth
        hidden = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.ReLU())]
        return hidden + [nn.Linear(sizes[-1], o)]
    return nn.Sequential(*stack(LATENT, SAMPLE[0]), nn.Tanh()), nn.Sequential(*stack(SAMPLE[0], 1))


def dcgan(filters, kernel, **_):
    side, _, channels = SAMPLE
    counts = []
    while side >= 8:
        counts.append(filters * 2 ** len(counts))
        side //= 2
    pad = (kernel - 1) // 2
    extra = dict(output_padding=1) if kernel % 2 else {}
    down, up = [], []
    for i, o in zip([channels] + counts, counts):
        down += [nn.Conv2d(i, o, kernel, 2, pad), nn.LeakyReLU(0.2)]
        up = [nn.ReLU(), nn.ConvTranspose2d(o, i, kernel, 2, pad, **extra)] + up
    code = counts[-1] * side * side
    generator = nn.Sequential(nn.Linear(LATENT, code), nn.Unflatten(1, (counts[-1], side, side)), *up, nn.Tanh())
    return generator, nn.Sequential(*down, nn.Flatten(), nn.Linear(code, 1))


G, D = {'mlp': mlp, 'dcgan': dcgan}[CASE['network']['kind']](**CASE['network'])
shape = SAMPLE if len(SAMPLE) == 1 else [SAMPLE[2], SAMPLE[0], SAMPLE[1]]
real = torch.rand(BATCH, *shape) * 2 - 1


def adam(parameters):
    """The fused kernel where this PyTorch has one for the CPU."""
    a = CASE['adam']
    rest = dict(lr=a['learningRate'], betas=(float(a['beta1']), float(a['beta2'])), eps=a['epsilon'])
    parameters = list(parameters)
    try:
        optimizer = torch.optim.Adam(parameters, fused=True, **rest)
        probe = torch.optim.Adam([nn.Parameter(torch.zeros(1))], fused=True, **rest)
        probe.param_groups[0]['params'][0].grad = torch.zeros(1)
        probe.step()
        return optimizer
    except (TypeError, RuntimeError):
        return torch.optim.Adam(parameters, **rest)


def slope_by_autograd(x_hat):
    x_hat = x_hat.requires_grad_(True)
    return torch.autograd.grad(D(x_hat).sum(), x_hat, create_graph=True)[0]


def slope_by_func(x_hat):
    return torch.func.grad(lambda x: D(x).sum())(x_hat)


def critic_loss(z, eps, slope_of):
    with torch.no_grad():
        fake = G(z)
    gap = D(fake).mean() - D(real).mean()
    slope = slope_of(eps * real + (1 - eps) * fake)
    norms = (slope.flatten(1).pow(2).sum(1) + 1e-12).sqrt()
    return gap + LAMBDA * ((norms - 1) ** 2).mean()


def generator_loss(z):
    return -D(G(z)).mean()


def eager_losses():
    return (lambda z, eps: critic_loss(z, eps, slope_by_autograd)), generator_loss


def compiled_losses():
    if not hasattr(torch, 'compile'):
        cannot(f'torch {torch.__version__} has no torch.compile')
    return torch.compile(lambda z, eps: critic_loss(z, eps, slope_by_func)), torch.compile(generator_loss)


def iteration(losses):
    loss_of_critic, loss_of_generator = losses
    adam_d, adam_g = adam(D.parameters()), adam(G.parameters())

    def run():
        for _ in range(CASE['criticSteps']):
            loss = loss_of_critic(torch.randn(BATCH, LATENT), torch.rand(BATCH, *[1] * len(shape)))
            adam_d.zero_grad()
            loss.backward()
            adam_d.step()
        loss_g = loss_of_generator(torch.randn(BATCH, LATENT))
        adam_g.zero_grad()
        loss_g.backward()
        adam_g.step()
        return loss.item()
    return run


def gemm():
    """GFLOP/s of a [1024,1024] float32 product: the best of 20."""
    n = 1024
    a, b = torch.rand(n, n), torch.rand(n, n)
    seconds = []
    for _ in range(20):
        before = time.perf_counter()
        torch.mm(a, b)
        seconds.append(time.perf_counter() - before)
    return 2 * n ** 3 / min(seconds) / 1e9


def peak_mib():
    try:
        import resource
    except ImportError:
        return None
    kib_or_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kib_or_bytes / (2 ** 20 if sys.platform == 'darwin' else 2 ** 10)


try:
    run = iteration(eager_losses() if MODE == 'eager' else compiled_losses())
    run()
except Exception as error:  # whatever keeps this PyTorch from running the case is its answer
    cannot(f'{type(error).__name__}: {error}')

say({'ready': True, 'contender': f'pytorch-{MODE}', 'version': torch.__version__, 'offers': ['gemm']})
for line in sys.stdin:
    question, *count = line.split()
    if question == 'go':
        times = []
        for _ in range(int(count[0])):
            before = time.perf_counter()
            loss = run()
            times.append((time.perf_counter() - before) * 1e3)
        say({'msPerIteration': times, 'peakRssMiB': peak_mib(), 'criticLoss': loss})
    elif question == 'gemm':
        say({'gflops': gemm()})
