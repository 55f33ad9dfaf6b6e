"""Writes test/fixtures/reference/pytorch.json: the oracle's cases trained by PyTorch in float64.

    python3 test/reference/pytorch.py > test/fixtures/reference/pytorch.json

Arrays are waves, so that both sides make the same ones: element i of the array with this phase is scale * sin(phase + 1.7 i).
"""
import json
import math
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
BATCH, LATENT, ITERATIONS, CRITIC_STEPS = 4, 3, 2, 2


def wave(shape, phase, scale=1.0):
    n = math.prod(shape)
    return torch.tensor([scale * math.sin(phase + 1.7 * i) for i in range(n)]).reshape(shape)


# Weights in the product's layout: dense [in,out], conv [k,k,in,out], transposed conv [k,k,out,in].
dense = lambda x, w, b=0: x @ w + b
conv = lambda x, w, b=None: F.conv2d(x, w.permute(3, 2, 0, 1), b, stride=2, padding=1)
conv_transpose = lambda x, w, b=None: F.conv_transpose2d(x, w.permute(3, 2, 0, 1), b, stride=2, padding=1)
leaky = lambda x: F.leaky_relu(x, 0.2)
norm = lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5)


def mlp(activation):
    def network(w, x):
        for i in range(0, len(w) - 2, 2):
            x = activation(dense(x, w[i], w[i + 1]))
        return dense(x, w[-2], w[-1])
    return network


def dcgan_generator(w, z):
    x = dense(z, w[0]).reshape(-1, 4, 4, 4).permute(0, 3, 1, 2)
    x = torch.relu(norm(x, w[1], w[2]))
    x = torch.relu(norm(conv_transpose(x, w[3]), w[4], w[5]))
    return torch.tanh(conv_transpose(x, w[6], w[7])).permute(0, 2, 3, 1)


def dcgan_critic(w, x):
    x = leaky(conv(x.permute(0, 3, 1, 2), w[0], w[1]))
    x = leaky(conv(x, w[2], w[3]))
    return dense(x.permute(0, 2, 3, 1).flatten(1), w[4], w[5])


def train(generator, critic, shapes, sample, objective, penalty, clip, optimizer):
    wg, wd = ([wave(s, 0.3 * k + p, 0.6).requires_grad_() for k, s in enumerate(shapes[role])] for role, p in (('generator', 0), ('critic', 5)))
    og, od = optimizer(wg), optimizer(wd)
    reported = {'criticLoss': [], 'estimate': [], 'penalty': [], 'gradientNorm': [], 'generatorLoss': []}
    phase = 10.0

    def draw(*shape):
        nonlocal phase
        phase += 1
        return wave(shape, phase)

    for _ in range(ITERATIONS):
        for _ in range(CRITIC_STEPS):
            real, z, eps = draw(BATCH, *sample), draw(BATCH, LATENT), (draw(BATCH) + 1) / 2
            fake = generator(wg, z).detach()
            dr, df = critic(wd, real), critic(wd, fake)
            if objective == 'wgan':
                loss = df.mean() - dr.mean()
                estimate = -loss
            else:
                loss = -F.logsigmoid(dr).mean() - torch.log(1 - torch.sigmoid(df)).mean()
                estimate = math.log(2) - loss / 2
            total = loss
            if penalty:
                e = eps.reshape(-1, *[1] * len(sample))
                hat = (e * real + (1 - e) * fake).requires_grad_()
                slope, = torch.autograd.grad(critic(wd, hat).sum(), hat, create_graph=True)
                norms = (slope.flatten(1).square().sum(1) + 1e-12).sqrt()
                excess = norms - penalty['target']
                part = penalty['lambda'] * (excess.clamp(min=0) if penalty['sides'] == 'one' else excess).square().mean()
                total = loss + part
                reported['penalty'].append(part.item())
                reported['gradientNorm'].append(norms.mean().item())
            od.zero_grad()
            total.backward()
            od.step()
            if clip:
                with torch.no_grad():
                    for w in wd:
                        w.clamp_(-clip, clip)
            reported['criticLoss'].append(loss.item())
            reported['estimate'].append(estimate.item())
        df = critic(wd, generator(wg, draw(BATCH, LATENT)))
        loss = -df.mean() if objective == 'wgan' else -F.logsigmoid(df).mean()
        og.zero_grad()
        loss.backward()
        og.step()
        reported['generatorLoss'].append(loss.item())
    flat = lambda ws: [v for w in ws for v in w.detach().flatten().tolist()]
    return {'reported': reported, 'generator': flat(wg), 'critic': flat(wd)}


adam = lambda w: torch.optim.Adam(w, 0.01, (0.5, 0.9), 1e-8)
rmsprop = lambda w: torch.optim.RMSprop(w, 0.01, 0.99, 1e-8)
mlp_shapes = lambda i, o: [[i, 5], [5], [5, 5], [5], [5, o], [o]]
vectors = {'generator': mlp_shapes(LATENT, 2), 'critic': mlp_shapes(2, 1)}
images = {
    'generator': [[LATENT, 64], [4], [4], [4, 4, 2, 4], [2], [2], [4, 4, 1, 2], [1]],
    'critic': [[4, 4, 1, 2], [2], [4, 4, 2, 4], [4], [64, 1], [1]],
}
print(json.dumps({
    'wgan-gp mlp adam': train(mlp(torch.tanh), mlp(torch.tanh), vectors, [2], 'wgan', {'lambda': 10, 'target': 1, 'sides': 'two'}, None, adam),
    'non-saturating mlp rmsprop, one-sided': train(mlp(torch.relu), mlp(leaky), vectors, [2], 'non-saturating', {'lambda': 2, 'target': 0.1, 'sides': 'one'}, None, rmsprop),
    'wgan clip mlp rmsprop': train(mlp(torch.relu), mlp(F.silu), vectors, [2], 'wgan', None, 0.3, rmsprop),
    'wgan-gp dcgan adam': train(dcgan_generator, dcgan_critic, images, [16, 16, 1], 'wgan', {'lambda': 10, 'target': 1, 'sides': 'two'}, None, adam),
}))
