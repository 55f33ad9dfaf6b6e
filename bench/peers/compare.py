"""Trains the GANs of a file with PyTorch, in float64 and in float32: `python3 compare.py IN.json OUT.json`.

Uses torch.optim, autograd and the losses of the papers. Weights have the layout of Earthmover: dense [in, out], convolutions
[k, k, in, out], transposed convolutions [k, k, out, in].
"""
import json
import sys

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    print(f'{sys.executable} has no PyTorch ({error})')
    sys.exit(3)


def network(layers, weights, x):
    """Applies a list of layers, which take their weights in order."""
    w = iter(weights)
    for layer in layers:
        kind = layer['type']
        if kind == 'dense':
            x = x @ next(w) + (next(w) if layer['bias'] else 0)
        elif kind == 'conv':
            kernel, k = next(w).permute(3, 2, 0, 1), layer['kernel']
            x = F.conv2d(x, kernel, next(w) if layer['bias'] else None, stride=2, padding=(k - 1) // 2)
        elif kind == 'convTranspose':
            kernel, k = next(w).permute(3, 2, 0, 1), layer['kernel']
            x = F.conv_transpose2d(x, kernel, next(w) if layer['bias'] else None, stride=2, padding=(k - 1) // 2)
        elif kind == 'batchNorm':
            x = F.batch_norm(x, None, None, next(w), next(w), training=True, eps=1e-5)
        elif kind == 'toImage':
            x = x.reshape(-1, *layer['shape']).permute(0, 3, 1, 2)
        elif kind == 'flatten':
            x = x.permute(0, 2, 3, 1).flatten(1)
        else:
            x = {'relu': torch.relu, 'tanh': torch.tanh, 'leaky-relu': lambda v: F.leaky_relu(v, 0.2)}[kind](x)
    return x


def optimizer(of, weights):
    if of['kind'] == 'rmsprop':
        return torch.optim.RMSprop(weights, lr=of['learningRate'], alpha=of['rho'], eps=of['epsilon'])
    return torch.optim.Adam(weights, lr=of['learningRate'], betas=(float(of['beta1']), float(of['beta2'])), eps=of['epsilon'])


def losses(of):
    """L_D of D(x) and D(x~), and L_G of D(x~)."""
    ones, zeros = torch.ones_like, torch.zeros_like
    bce, mse = F.binary_cross_entropy_with_logits, F.mse_loss
    if of['kind'] == 'wgan':
        return lambda r, f: f.mean() - r.mean(), lambda f: -f.mean()
    if of['kind'] == 'lsgan':
        a, b, c = of['a'], of['b'], of['c']
        return (lambda r, f: mse(r, b * ones(r)) / 2 + mse(f, a * ones(f)) / 2), lambda f: mse(f, c * ones(f)) / 2
    return (lambda r, f: bce(r, ones(r)) + bce(f, zeros(f))), lambda f: bce(f, ones(f))


def train(system, dtype):
    tensor = lambda a: torch.tensor(a['data'], dtype=torch.float64).to(dtype).reshape(a['shape'])
    wg, wd = ([tensor(w).requires_grad_() for w in system['weights'][role]] for role in ('generator', 'critic'))
    G = lambda z: network(system['layers']['generator'], wg, z)
    D = lambda x: network(system['layers']['critic'], wd, x)
    image = lambda x: x.permute(0, 3, 1, 2) if x.dim() == 4 else x
    og, od = optimizer(system['optimizer'], wg), optimizer(system['optimizer'], wd)
    critic_loss, generator_loss = losses(system['objective'])
    reported = []
    for step in system['steps']:
        for batch in step['critic']:
            real, fake = image(tensor(batch['real'])), G(tensor(batch['z'])).detach()
            loss = critic_loss(D(real), D(fake))
            reported.append(loss.item())
            total = loss
            for rule in system['constraint']:
                if rule['kind'] == 'gradient-penalty':
                    e = image(tensor(batch['epsilon']))
                    hat = (e * real + (1 - e) * fake).requires_grad_()
                    gradient, = torch.autograd.grad(D(hat).sum(), hat, create_graph=True)
                    norms = (gradient.flatten(1).square().sum(1) + 1e-12).sqrt()
                    penalty = rule['lambda'] * (norms - rule['target']).square().mean()
                    reported.append(penalty.item())
                    total = total + penalty
            od.zero_grad()
            total.backward()
            od.step()
            for rule in system['constraint']:
                if rule['kind'] == 'clip':
                    with torch.no_grad():
                        for w in wd:
                            w.clamp_(-rule['c'], rule['c'])
        loss = generator_loss(D(G(tensor(step['generator']['z']))))
        og.zero_grad()
        loss.backward()
        og.step()
        reported.append(loss.item())
    flat = lambda ws: [w.detach().double().flatten().tolist() for w in ws]
    return {'losses': reported, 'generator': flat(wg), 'critic': flat(wd)}


torch.set_num_threads(1)
with open(sys.argv[1]) as file:
    systems = json.load(file)
with open(sys.argv[2], 'w') as file:
    trained = [{'float64': train(s, torch.float64), 'float32': train(s, torch.float32)} for s in systems]
    json.dump({'version': torch.__version__, 'systems': trained}, file)
