"""Trains the GANs of a file with PyTorch, in float64 and in float32: `python3 compare.py IN.json OUT.json`.

Uses torch.optim, autograd, PyTorch's layers, losses and spectral norm. Images are [batch, height, width, channels] and
weights have the layout of TensorFlow.js: dense [in, out], convolutions [k, k, in, out], transposed ones [k, k, out, in].
"""
import json
import math
import sys
from types import SimpleNamespace

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
    from torch.nn.utils.parametrizations import spectral_norm
    from torch.nn.utils.spectral_norm import SpectralNorm
except ImportError as error:
    print(f'{sys.executable} has no PyTorch ({error})')
    sys.exit(3)

nchw = lambda x: x.permute(0, 3, 1, 2)
nhwc = lambda x: x.permute(0, 2, 3, 1)

activations = {
    'linear': lambda x, _: x,
    'relu': lambda x, _: F.relu(x),
    'leaky-relu': F.leaky_relu,
    'tanh': lambda x, _: torch.tanh(x),
    'elu': lambda x, _: F.elu(x),
    'smooth-elu': lambda x, _: F.softplus(2 * x + 2) / 2 - 1,
    'swish': lambda x, _: F.silu(x),
}


def conv(x, kernel, bias, stride):
    """Padding 'same' of TensorFlow: the odd pixel goes to the end."""
    k = kernel.shape[0]
    pads = [max((-(-n // stride) - 1) * stride + k - n, 0) for n in (x.shape[2], x.shape[1])]
    padded = F.pad(nchw(x), [p for total in pads for p in (total // 2, total - total // 2)])
    return nhwc(F.conv2d(padded, kernel.permute(3, 2, 0, 1), bias, stride=stride))


def conv_transpose(x, kernel, bias, stride):
    k, (_, height, width, _) = kernel.shape[0], x.shape
    whole = nhwc(F.conv_transpose2d(nchw(x), kernel.permute(3, 2, 0, 1), bias, stride=stride))
    cut = (k - stride) // 2
    return whole[:, cut:cut + height * stride, cut:cut + width * stride]


def normalize(kind, x, gamma, beta):
    if kind == 'layerNorm':
        return F.layer_norm(x, x.shape[1:], eps=1e-5) * gamma + beta
    if kind == 'instanceNorm':
        return nhwc(F.instance_norm(nchw(x), weight=gamma, bias=beta, eps=1e-5))
    flat = x.reshape(-1, x.shape[-1])
    return F.batch_norm(flat, None, None, gamma, beta, training=True, eps=1e-5).reshape(x.shape)


def network(layers, weights, x):
    """Applies a list of layers, which take their weights in order."""
    for layer in layers:
        kind = layer['type']
        if kind in ('dense', 'conv', 'convTranspose'):
            kernel, bias = next(weights), next(weights) if layer.get('bias', True) else None
            if kind == 'dense':
                x = F.linear(x, kernel.T, bias)
            else:
                x = (conv if kind == 'conv' else conv_transpose)(x, kernel, bias, layer['stride'])
            x = activations[layer.get('activation') or 'linear'](x, layer.get('slope', 0.2))
        elif kind.endswith('Norm'):
            x = normalize(kind, x, next(weights), next(weights))
        elif kind == 'activation':
            x = activations[layer['name']](x, layer.get('slope', 0.2))
        elif kind == 'residual':
            inner = network(layer['body'], weights, x)
            x = network(layer['shortcut'], weights, x) + inner
        elif kind == 'shift':
            x = torch.cat([next(weights).expand(x.shape[0], 1), x], 1)
        else:
            x = {
                'reshape': lambda: x.reshape(-1, *layer['shape']),
                'flatten': lambda: x.flatten(1),
                'meanPool': lambda: nhwc(F.avg_pool2d(nchw(x), 2)),
                'double': lambda: nhwc(F.interpolate(nchw(x), scale_factor=2, mode='nearest')),
                'meanOverPixels': lambda: x.mean((1, 2)),
            }[kind]()
    return x


# f-GAN, tables 2 and 6: the output activation g(v), and the conjugate f*(t) of t = g(v).
divergences = {
    'kl': (lambda v: v, lambda t: torch.exp(t - 1)),
    'reverse-kl': (lambda v: -torch.exp(-v), lambda t: -1 - torch.log(-t)),
    'pearson': (lambda v: v, lambda t: t ** 2 / 4 + t),
    'neyman': (lambda v: 1 - torch.exp(-v), lambda t: 2 - 2 * torch.sqrt(1 - t)),
    'squared-hellinger': (lambda v: 1 - torch.exp(-v), lambda t: t / (1 - t)),
    'js': (lambda v: math.log(2) - torch.log1p(torch.exp(-v)), lambda t: -torch.log(2 - torch.exp(t))),
    'gan': (lambda v: F.logsigmoid(v), lambda t: -torch.log(1 - torch.exp(t))),
    'total-variation': (lambda v: torch.tanh(v) / 2, lambda t: t),
}


def losses(of, smoothing):
    """L_D of D(x) and D(x~) for labels smoothed by a share, L_G of D(x~), and the estimate."""
    kind = of['kind']
    bce = lambda logits, label: F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))
    mse = lambda scores, target: F.mse_loss(scores, torch.full_like(scores, target))
    if kind == 'wgan':
        return lambda r, f, _: f.mean() - r.mean(), lambda f: -f.mean(), lambda r, f: r.mean() - f.mean()
    if kind == 'hinge':
        critic = lambda r, f, _: F.relu(1 - r).mean() + F.relu(1 + f).mean()
        return critic, lambda f: -f.mean(), lambda r, f: 1 - critic(r, f, 0) / 2
    if kind == 'lsgan':
        a, b, c = of['a'], of['b'], of['c']
        critic = lambda r, f, s: mse(r, b - s * (b - a)) / 2 + mse(f, a) / 2
        return critic, lambda f: mse(f, c) / 2, lambda r, f: 2 - 8 * critic(r, f, 0) / (b - a) ** 2
    if kind == 'f-gan':
        g, conjugate = divergences[of['divergence']]
        critic = lambda r, f, _: conjugate(g(f)).mean() - g(r).mean()
        bound = lambda r, f: -critic(r, f, 0)
        estimate = {'js': lambda r, f: bound(r, f) / 2, 'gan': lambda r, f: (bound(r, f) + math.log(4)) / 2}
        generator = (lambda f: -g(f).mean()) if of['nonSaturating'] else (lambda f: -conjugate(g(f)).mean())
        return critic, generator, estimate.get(of['divergence'], bound)
    critic = lambda r, f, s: bce(r, 1 - s) + bce(f, 0)
    js = lambda r, f: math.log(2) - critic(r, f, 0) / 2
    if kind == 'non-saturating':
        return critic, lambda f: bce(f, 1), js
    if kind == 'minimax':
        return critic, lambda f: -bce(f, 0), js
    share = 0.5 if of['halved'] else 1
    return critic, lambda f: -share * f.exp().mean(), lambda r, f: r.mean() - f.exp().mean() + 1  # ml-gan


def penalty(rule, D, real, fake, batch):
    """The penalty and the gradient norm of each sample; None for a constraint that is no penalty."""
    kind = rule['kind']
    each = lambda values: values.reshape(-1, *[1] * (real.dim() - 1))
    if kind == 'gradient-penalty':
        at = each(batch['eps']) * real + (1 - each(batch['eps'])) * fake
    elif kind == 'dragan':
        perturbed = real + 0.5 * real.std(correction=0) * batch['u'].reshape(real.shape)
        at = real + each(batch['alpha']) * (perturbed - real)
    elif kind in ('r1', 'r2'):
        at = real if kind == 'r1' else fake
    else:
        return None
    x = at.detach().requires_grad_()
    gradient, = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    squared = gradient.flatten(1).square().sum(1)
    norm = (squared + 1e-12).sqrt()
    if kind in ('r1', 'r2'):
        return rule['gamma'] / 2 * squared.mean(), norm
    excess = norm - rule['target']
    return rule['lambda'] * (F.relu(excess) if rule.get('sides') == 'one' else excess).square().mean(), norm


class Normalized:
    """The critic's weights under spectral normalization: PyTorch's power iteration once per update."""

    def __init__(self, weights, vectors, iterations):
        self.weights, self.slots = weights, []
        for w, u in zip(weights, vectors):
            if u is None:
                self.slots.append(None)
                continue
            u = torch.tensor(u, dtype=torch.float64).to(w.dtype)
            norm = SpectralNorm('weight', iterations, dim=w.dim() - 1)
            rows = w.numel() // w.shape[-1]
            self.slots.append((norm, SimpleNamespace(weight_orig=w, weight_u=u, weight_v=torch.ones(rows, dtype=w.dtype))))

    def __call__(self, advance):
        def used(w, slot):
            if slot is None:
                return w
            norm, of = slot
            if not advance:
                of = SimpleNamespace(weight_orig=w, weight_u=of.weight_u.clone(), weight_v=of.weight_v.clone())
            return norm.compute_weight(of, True)
        return [used(w, slot) for w, slot in zip(self.weights, self.slots)]


def optimizer_of(of, weights, decay):
    coupled = decay['rate'] if decay and decay['coupling'] == 'coupled' else 0
    decoupled = decay['rate'] if decay and decay['coupling'] == 'decoupled' else 0
    lr = of['learningRate']
    if of['kind'] == 'adam':
        kind, rate = (torch.optim.AdamW, decoupled) if decoupled else (torch.optim.Adam, coupled)
        made = kind(weights, lr=lr, betas=(float(of['beta1']), float(of['beta2'])), eps=of['epsilon'], weight_decay=rate)
        decoupled = 0  # AdamW does it.
    elif of['kind'] == 'rmsprop':
        made = torch.optim.RMSprop(weights, lr=lr, alpha=of['rho'], eps=of['epsilon'], weight_decay=coupled)
    else:
        made = torch.optim.SGD(weights, lr=lr, momentum=of['momentum'], weight_decay=coupled)

    def step(loss):
        made.zero_grad()
        loss.backward()
        for w in weights:
            if w.grad is None:
                w.grad = torch.zeros_like(w)
        with torch.no_grad():
            for w in weights:
                w.mul_(1 - made.param_groups[0]['lr'] * decoupled)
        made.step()
    return made, step


def schedule_of(of, made, steps):
    if of['schedule'] == 'linear':
        return torch.optim.lr_scheduler.LinearLR(made, start_factor=1.0, end_factor=0.0, total_iters=steps)
    if of['schedule'] == 'cosine':
        return torch.optim.lr_scheduler.CosineAnnealingLR(made, T_max=steps)
    return torch.optim.lr_scheduler.ConstantLR(made, factor=1.0)


def train(system, dtype):
    tensor = lambda data, shape: torch.tensor(data, dtype=torch.float64).to(dtype).reshape(shape)
    wg, wd = ([tensor(w['data'], w['shape']).requires_grad_() for w in system['weights'][role]] for role in ('generator', 'critic'))
    layers, constraint, shape = system['layers'], system['constraint'], system['shape']
    G = lambda z: network(layers['generator'], iter(wg), z)
    spectral = next((rule for rule in constraint if rule['kind'] == 'spectral-norm'), None)
    normalized = Normalized(wd, system['u'], spectral['iterations']) if spectral else lambda advance: wd
    og, step_g = optimizer_of(system['optimizer'], wg, None)
    od, step_d = optimizer_of(system['optimizer'], wd, system.get('decay'))
    schedules = [schedule_of(system['optimizer'], o, len(system['steps'])) for o in (og, od)]
    critic_loss, generator_loss, estimate = losses(system['objective'], system.get('smoothing'))
    reported = []
    for step in system['steps']:
        for given in step['critic']:
            batch = {name: tensor(data, [-1]) for name, data in given.items()}
            real = batch['real'].reshape(-1, *shape)
            fake = G(batch['z'].reshape(len(real), -1)).detach()
            weights = normalized(True)
            D = lambda x: network(layers['critic'], iter(weights), x)
            scores = D(real), D(fake)
            penalties = [p for p in (penalty(rule, D, real, fake, batch) for rule in constraint) if p]
            total = critic_loss(*scores, system.get('smoothing') or 0) + sum(loss for loss, _ in penalties)
            reported += [critic_loss(*scores, 0), estimate(*scores), sum(loss for loss, _ in penalties)]
            reported.append(penalties[0][1].mean() if penalties else 0)
            step_d(total)
            for rule in constraint:
                if rule['kind'] == 'clip':
                    with torch.no_grad():
                        for w in wd:
                            w.clamp_(-rule['c'], rule['c'])
        weights = normalized(False)
        z = tensor(step['generator']['z'], [len(real), -1])
        loss = generator_loss(network(layers['critic'], iter(weights), G(z)))
        step_g(loss)
        reported.append(loss)
        for schedule in schedules:
            schedule.step()
    flat = lambda ws: [w.detach().double().flatten().tolist() for w in ws]
    return {'losses': [float(v.detach()) if torch.is_tensor(v) else v for v in reported], 'generator': flat(wg), 'critic': flat(wd)}


def sigma(of):
    """The largest singular value that PyTorch's spectral_norm divides the weight of a layer by."""
    kernel = torch.tensor(of['kernel'], dtype=torch.float64).reshape(of['shape'])
    kind, rank = of['layer'], kernel.dim()
    if kind == 'Embedding':
        module, weight = nn.Embedding(*kernel.shape), kernel
    elif kind == 'Dense':
        module, weight = nn.Linear(*kernel.shape), kernel.T
    elif kind == 'DepthwiseConv2D':
        kh, kw, channels, multiplier = kernel.shape
        module = nn.Conv2d(channels, channels * multiplier, (kh, kw), groups=channels)
        weight = kernel.permute(2, 3, 0, 1).reshape(channels * multiplier, 1, kh, kw)
    elif kind in ('Conv2DTranspose', 'Conv3DTranspose'):
        *size, outputs, inputs = kernel.shape
        module = (nn.ConvTranspose2d if rank == 4 else nn.ConvTranspose3d)(inputs, outputs, size)
        weight = kernel.permute(rank - 1, rank - 2, *range(rank - 2))
    else:
        *size, inputs, outputs = kernel.shape
        module = {3: nn.Conv1d, 4: nn.Conv2d, 5: nn.Conv3d}[rank](inputs, outputs, size)
        weight = kernel.permute(rank - 1, rank - 2, *range(rank - 2))
    module = module.double()
    with torch.no_grad():
        module.weight.copy_(weight)
    spectral_norm(module, n_power_iterations=500)
    return (module.parametrizations.weight.original.norm() / module.weight.norm()).item()


torch.set_num_threads(1)
with open(sys.argv[1]) as file:
    given = json.load(file)
with open(sys.argv[2], 'w') as file:
    trained = [{'float64': train(s, torch.float64), 'float32': train(s, torch.float32)} for s in given['systems']]
    json.dump({'version': torch.__version__, 'systems': trained, 'sigmas': [sigma(k) for k in given['kernels']]}, file, allow_nan=False)
