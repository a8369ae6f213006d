"""Full-size networks without training, for measurements of speed. The same bytes every time."""

import torch

from .fusion import ConcatFusion

# Sizes of the text encoder by the name of a checkpoint that has them.
SIZES = {"bert-base-uncased": {"vocab_size": 30522}}


def random_networks(name):
    """(BertModel, ResNet50, ConcatFusion)."""
    from torchvision.models import resnet50
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    bert = BertModel(BertConfig(**SIZES[name]), add_pooling_layer=False)
    return bert, resnet50(), ConcatFusion(bert.config.hidden_size, 2048)
