"""The BERT of a bundle's text part, read back: what text_part() in module.py made it of, but for what int8 rounded off."""


def bert_weights(part):
    """Name to float32 tensor, by the names of a BertModel, of a text part that is ready to be called."""
    found = {name.removeprefix("layers."): value for name, value in part.encoder.state_dict().items()}
    small, scale = part.words.small_and_scale
    weights = {name: value for name, value in found.items() if name.endswith((".weight", ".bias"))}
    return {**weights, "embeddings.word_embeddings.weight": small.float() * scale[:, None]}
