"""The BERT of a bundle's text part, read back: what text_part() in module.py made it of, but for what int8 rounded off."""

import torch

from .problem import Problem

AGREES = 1e-4  # of the largest number of a vector


def bert_weights(part):
    """Name to float32 tensor, by the names of a BertModel, of a text part that is ready to be called."""
    found = {name.removeprefix("layers."): value for name, value in part.encoder.state_dict().items()}
    small, scale = part.words.small_and_scale
    weights = {name: value for name, value in found.items() if name.endswith((".weight", ".bias"))}
    return {**weights, "embeddings.word_embeddings.weight": small.float() * scale[:, None]}


@torch.no_grad()
def read_bert(part, path):
    """The transformers.BertModel, without its pooler, of a text part that is ready to be called; `path`: its file. What no weight
    tells, the number of heads, is the one with which it gives the vectors that the part gives."""
    from transformers import BertConfig, BertModel

    try:
        weights = {name: value.clone() for name, value in bert_weights(part).items()}
        config = BertConfig(
            vocab_size=len(weights["embeddings.word_embeddings.weight"]),
            max_position_embeddings=len(weights["embeddings.position_embeddings.weight"]),
            type_vocab_size=len(weights["embeddings.token_type_embeddings.weight"]),
            hidden_size=(width := len(weights["embeddings.LayerNorm.weight"])),
            intermediate_size=len(weights["encoder.layer.0.intermediate.dense.bias"]),
            num_hidden_layers=sum(name.endswith(".intermediate.dense.bias") for name in weights),
            layer_norm_eps=list(part.encoder.layers.embeddings.LayerNorm.graph.findNode("aten::layer_norm").inputs())[4].toIValue(),
        )
        ids = torch.arange(min(16, config.vocab_size, config.max_position_embeddings))[None]
        theirs = part.encode(ids, torch.ones_like(ids))
        for size in sorted((size for size in range(1, width + 1) if width % size == 0), key=lambda size: abs(size - 64)):
            config.num_attention_heads = width // size
            bert = BertModel(config, add_pooling_layer=False).eval()
            bert.load_state_dict(weights, strict=False)  # its buffer of positions is no weight
            if (bert(ids).last_hidden_state.mean(1) - theirs).abs().max() <= AGREES * theirs.abs().max():
                return bert
    except (RuntimeError, ValueError, AttributeError, KeyError) as error:
        raise Problem(f"{path}: its encoder cannot be read as a BERT of scripts.export: {str(error).splitlines()[0]}") from error
    raise Problem(f"{path}: its encoder cannot be read as a BERT of scripts.export: as one, it gives other vectors")
