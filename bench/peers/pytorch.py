"""PyTorch as a contender of the benchmark: `python3 pytorch.py eager|compile CASE`, using the protocol of bench/protocol.ts.

eager: idiomatic PyTorch. compile: losses compiled by torch.compile; the penalty uses torch.func.grad inside the compiled
loss, since torch.autograd.grad of a compiled module is not supported ("does not currently support double backward").
"""
import json
import os
import sys
import time

MODE, CASE = sys.argv[1], json.loads(sys.argv[2])


def send(line):
    print(json.dumps(line), flush=True)


def unavailable(reason):
    send({'unavailable': ' '.join(str(reason).split())[:500]})
    sys.exit(0)


try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError as error:
    unavailable(f'{sys.executable} has no PyTorch ({error}): pip install torch, or name a Python that has it in EARTHMOVER_PYTHON.')

torch.set_num_threads(int(os.environ.get('EARTHMOVER_BENCH_THREADS', torch.get_num_threads())))
DEVICE = os.environ.get('EARTHMOVER_BENCH_DEVICE', 'cpu')
if DEVICE == 'cuda':
    if not torch.cuda.is_available():
        unavailable('this PyTorch finds no CUDA device')
    torch.set_default_device('cuda')  # reading back the losses waits for the device
    torch.backends.cudnn.allow_tf32 = False  # products in float32, as in the other contenders (those of matrices are)
BATCH, LATENT, SAMPLE = CASE['batchSize'], CASE['latent'], CASE['sample']
HEIGHT, WIDTH, CHANNELS = SAMPLE
CONSTRAINT = CASE['constraint'] or {'kind': 'none'}


def mlp(depth, width, **_):
    def stack(i, o):
        sizes = [i] + [width] * depth
        hidden = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.ReLU())]
        return hidden + [nn.Linear(sizes[-1], o)]
    size = HEIGHT * WIDTH * CHANNELS
    generator = nn.Sequential(*stack(LATENT, size), nn.Tanh(), nn.Unflatten(1, (CHANNELS, HEIGHT, WIDTH)))
    return generator, nn.Sequential(nn.Flatten(), *stack(size, 1))


def dcgan(filters, kernel, normalization, **_):
    side, channels = HEIGHT, CHANNELS
    norm = (lambda n: [nn.BatchNorm2d(n)]) if normalization == 'batch' else (lambda n: [])
    bias = normalization == 'none'
    counts = []
    while side >= 8:
        counts.append(filters * 2 ** len(counts))
        side //= 2
    pad = (kernel - 1) // 2
    extra = dict(output_padding=1) if kernel % 2 else {}
    down, up = [], []
    for i, o in zip([channels] + counts, counts):
        inner = i != channels
        down += [nn.Conv2d(i, o, kernel, 2, pad, bias=bias or not inner), *(norm(o) if inner else []), nn.LeakyReLU(0.2)]
        up = [*norm(o), nn.ReLU(), nn.ConvTranspose2d(o, i, kernel, 2, pad, bias=bias or not inner, **extra)] + up
    code = counts[-1] * side * side
    start = [nn.Linear(LATENT, code, bias=bias), nn.Unflatten(1, (counts[-1], side, side))]
    return nn.Sequential(*start, *up, nn.Tanh()), nn.Sequential(*down, nn.Flatten(), nn.Linear(code, 1))


class Residual(nn.Module):
    """shortcut(x) + inner(x), as in gan_cifar_resnet.py (Gulrajani et al. 2017)."""
    def __init__(self, shortcut, *inner):
        super().__init__()
        self.shortcut, self.inner = shortcut, nn.Sequential(*inner)

    def forward(self, x):
        return self.shortcut(x) + self.inner(x)


def resnet(filters, **_):
    conv = lambda i, o, kernel=3: nn.Conv2d(i, o, kernel, padding=kernel // 2)
    double, halve = lambda: nn.Upsample(scale_factor=2), lambda: nn.AvgPool2d(2)
    f = filters

    def up():
        inner = [nn.BatchNorm2d(f), nn.ReLU(), double(), conv(f, f), nn.BatchNorm2d(f), nn.ReLU(), conv(f, f)]
        return Residual(nn.Sequential(conv(f, f, 1), double()), *inner)
    blocks = []
    side = HEIGHT
    while side >= 8:
        side //= 2
        blocks.append(up())
    start = [nn.Linear(LATENT, f * side * side), nn.Unflatten(1, (f, side, side))]
    generator = nn.Sequential(*start, *blocks, nn.BatchNorm2d(f), nn.ReLU(), conv(f, CHANNELS), nn.Tanh())
    first = Residual(nn.Sequential(halve(), conv(CHANNELS, f, 1)), conv(CHANNELS, f), nn.ReLU(), conv(f, f), halve())
    critic = [first, Residual(nn.Sequential(conv(f, f, 1), halve()), nn.ReLU(), conv(f, f), nn.ReLU(), conv(f, f), halve())]
    critic += [Residual(nn.Identity(), nn.ReLU(), conv(f, f), nn.ReLU(), conv(f, f)) for _ in range(2)]
    return generator, nn.Sequential(*critic, nn.ReLU(), nn.AvgPool2d(HEIGHT // 4), nn.Flatten(), nn.Linear(f, 1))


G, D = {'mlp': mlp, 'dcgan': dcgan, 'resnet': resnet}[CASE['network']['kind']](**CASE['network'])
real = torch.rand(BATCH, CHANNELS, HEIGHT, WIDTH) * 2 - 1
if os.environ.get('EARTHMOVER_BENCH_LAYOUT') == 'channels_last' and CASE['network']['kind'] != 'mlp':
    G, D, real = (x.to(memory_format=torch.channels_last) for x in (G, D, real))


def optimizer_of(parameters):
    """Adam with the fused kernel if available on the device, or RMSProp."""
    a = CASE['optimizer']
    if a['kind'] == 'rmsprop':
        return torch.optim.RMSprop(list(parameters), lr=a['learningRate'], alpha=a['rho'], eps=a['epsilon'])
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


def gradient_by_autograd(x_hat):
    x_hat = x_hat.requires_grad_(True)
    return torch.autograd.grad(D(x_hat).sum(), x_hat, create_graph=True)[0]


def gradient_by_func(x_hat):
    return torch.func.grad(lambda x: D(x).sum())(x_hat)


def critic_loss(z, eps, gradient_of):
    with torch.no_grad():
        fake = G(z)
    fakes, reals = D(fake), D(real)
    if CASE['objective'] == 'non-saturating':
        gap = F.softplus(fakes).mean() + F.softplus(-reals).mean()
    else:
        gap = fakes.mean() - reals.mean()
    if CONSTRAINT['kind'] != 'gradient-penalty':
        return gap
    gradient = gradient_of(eps * real + (1 - eps) * fake)
    norms = (gradient.flatten(1).pow(2).sum(1) + 1e-12).sqrt()
    return gap + CONSTRAINT['lambda'] * ((norms - 1) ** 2).mean()


def generator_loss(z):
    scores = D(G(z))
    return F.softplus(-scores).mean() if CASE['objective'] == 'non-saturating' else -scores.mean()


def eager_losses():
    return (lambda z, eps: critic_loss(z, eps, gradient_by_autograd)), generator_loss


def compiled_losses():
    if not hasattr(torch, 'compile'):
        unavailable(f'torch {torch.__version__} has no torch.compile')
    return torch.compile(lambda z, eps: critic_loss(z, eps, gradient_by_func)), torch.compile(generator_loss)


def iteration(losses):
    loss_of_critic, loss_of_generator = losses
    optimizer_d, optimizer_g = optimizer_of(D.parameters()), optimizer_of(G.parameters())

    def run():
        for _ in range(CASE['criticSteps']):
            loss = loss_of_critic(torch.randn(BATCH, LATENT), torch.rand(BATCH, 1, 1, 1))
            optimizer_d.zero_grad()
            loss.backward()
            optimizer_d.step()
            if CONSTRAINT['kind'] == 'clip':
                with torch.no_grad():
                    for w in D.parameters():
                        w.clamp_(-CONSTRAINT['c'], CONSTRAINT['c'])
        loss_g = loss_of_generator(torch.randn(BATCH, LATENT))
        optimizer_g.zero_grad()
        loss_g.backward()
        optimizer_g.step()
        return loss.item()
    return run


def gemm():
    """GFLOP/s of a [1024,1024] float32 product: the median of 20."""
    n = 1024
    a, b = torch.rand(n, n), torch.rand(n, n)
    seconds = []
    for _ in range(20):
        before = time.perf_counter()
        torch.mm(a, b)
        seconds.append(time.perf_counter() - before)
    return 2 * n ** 3 / sorted(seconds)[len(seconds) // 2] / 1e9


# Seconds; of processor time for `--cpu`.
clock = time.process_time if os.environ.get('EARTHMOVER_BENCH_CLOCK') == 'cpu' else time.perf_counter


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
except Exception as error:  # any failure to run the case is reported as the answer
    unavailable(f'{type(error).__name__}: {error}')

where = f', {torch.cuda.get_device_name()}' if DEVICE == 'cuda' else ''
send({'ready': True, 'contender': f'pytorch-{MODE}', 'version': torch.__version__ + where, 'offers': [] if where else ['gemm']})
for line in sys.stdin:
    request, *count = line.split()
    if request == 'go':
        times = []
        for _ in range(int(count[0])):
            before = clock()
            loss = run()
            times.append((clock() - before) * 1e3)
        send({'msPerIteration': times, 'peakRssMiB': peak_mib(), 'criticLoss': loss})
    elif request == 'gemm':
        send({'gflops': gemm()})
