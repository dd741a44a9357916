"""The paper's five networks in plain PyTorch (torchvision's definitions, 6 classes), to be timed beside ours."""
import torch
from torch import nn


def conv_bn(i, o, k=1, s=1, groups=1, act=None, eps=1e-5):
    layers = [nn.Conv2d(i, o, k, s, k // 2, groups=groups, bias=False), nn.BatchNorm2d(o, eps=eps)]
    return nn.Sequential(*layers, *([act()] if act else []))


relu = lambda: nn.ReLU(inplace=True)
relu6 = lambda: nn.ReLU6(inplace=True)
silu = lambda: nn.SiLU(inplace=True)


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, act=None):
        super().__init__()
        self.body, self.shortcut, self.act = body, shortcut, act

    def forward(self, x):
        y = self.body(x) + (x if self.shortcut is None else self.shortcut(x))
        return y if self.act is None else self.act(y)


class Head(nn.Module):
    def __init__(self, width, dropout=0.0):
        super().__init__()
        self.dropout, self.dense = nn.Dropout(dropout), nn.Linear(width, 6)

    def forward(self, x):
        return self.dense(self.dropout(x.mean((2, 3))))


def resnet(depths):
    layers, channels = [conv_bn(3, 64, 7, 2, act=relu), nn.MaxPool2d(3, 2, 1)], 64
    for stage, depth in enumerate(depths):
        width = 64 << stage
        for block in range(depth):
            s = 2 if block == 0 and stage > 0 else 1
            body = nn.Sequential(conv_bn(channels, width, act=relu), conv_bn(width, width, 3, s, act=relu),
                                 conv_bn(width, width * 4))
            shortcut = conv_bn(channels, width * 4, 1, s) if block == 0 else None
            layers.append(Residual(body, shortcut, relu()))
            channels = width * 4
    return nn.Sequential(*layers, Head(channels))


class DenseLayer(nn.Module):
    def __init__(self, i):
        super().__init__()
        self.body = nn.Sequential(nn.BatchNorm2d(i), relu(), nn.Conv2d(i, 128, 1, bias=False), nn.BatchNorm2d(128),
                                  relu(), nn.Conv2d(128, 32, 3, 1, 1, bias=False))

    def forward(self, x):
        return torch.cat([x, self.body(x)], 1)


def densenet201():
    layers, channels = [conv_bn(3, 64, 7, 2, act=relu), nn.MaxPool2d(3, 2, 1)], 64
    for index, depth in enumerate([6, 12, 48, 32]):
        for _ in range(depth):
            layers.append(DenseLayer(channels))
            channels += 32
        if index < 3:
            layers += [nn.BatchNorm2d(channels), relu(), nn.Conv2d(channels, channels // 2, 1, bias=False),
                       nn.AvgPool2d(2)]
            channels //= 2
    return nn.Sequential(*layers, nn.BatchNorm2d(channels), relu(), Head(channels))


def mobilenetv2():
    layers, channels = [conv_bn(3, 32, 3, 2, act=relu6)], 32
    for t, c, n, s in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                       (6, 320, 1, 1)]:
        for i in range(n):
            stride, hidden = (s if i == 0 else 1), channels * t
            body = [conv_bn(channels, hidden, act=relu6)] if t != 1 else []
            body += [conv_bn(hidden, hidden, 3, stride, hidden, relu6), conv_bn(hidden, c)]
            block = nn.Sequential(*body)
            layers.append(Residual(block) if stride == 1 and channels == c else block)
            channels = c
    return nn.Sequential(*layers, conv_bn(channels, 1280, act=relu6), Head(1280, 0.2))


class SqueezeExcite(nn.Module):
    def __init__(self, width, squeezed):
        super().__init__()
        self.narrow, self.wide = nn.Conv2d(width, squeezed, 1), nn.Conv2d(squeezed, width, 1)

    def forward(self, x):
        g = nn.functional.silu(self.narrow(x.mean((2, 3), keepdim=True)))
        return x * torch.sigmoid(self.wide(g))


def efficientnetb0():
    layers, channels, eps = [conv_bn(3, 32, 3, 2, act=silu, eps=1e-3)], 32, 1e-3
    for t, k, c, n, s in [(1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2), (6, 5, 112, 3, 1),
                          (6, 5, 192, 4, 2), (6, 3, 320, 1, 1)]:
        for i in range(n):
            stride, hidden = (s if i == 0 else 1), channels * t
            body = [conv_bn(channels, hidden, act=silu, eps=eps)] if t != 1 else []
            body += [conv_bn(hidden, hidden, k, stride, hidden, silu, eps), SqueezeExcite(hidden, channels // 4),
                     conv_bn(hidden, c, eps=eps)]
            block = nn.Sequential(*body)
            layers.append(Residual(block) if stride == 1 and channels == c else block)
            channels = c
    return nn.Sequential(*layers, conv_bn(channels, 1280, act=silu, eps=eps), Head(1280, 0.2))


NETWORKS = {
    'resnet50': lambda: resnet([3, 4, 6, 3]),
    'resnet101': lambda: resnet([3, 4, 23, 3]),
    'densenet201': densenet201,
    'mobilenetv2': mobilenetv2,
    'efficientnetb0': efficientnetb0,
}
