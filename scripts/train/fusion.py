"""Stage fusion: trains the concat and the attention fusion on pairs, three seeds each, and keeps the mean of the seeds.

Words alone and pictures alone have layers of their own, which start as the encoders' own heads. Each pair is seen with its
faces and without (the dropping of a modality, for every pair and not by chance), so that the text's layer learns from the same rows as
what stands beside faces: else words with faces would be the surer of the two whatever the faces show. What words say of the
intensity stays the encoder's own, which learnt MOSI's scale from all of its rows: few of these rows are MOSI's, and others would shift it.

Encoders are surer of rows that they were trained on than of new ones, and a fusion trained on those would trust words too
much. So it is trained on one half of the valid rows; the other half is for choosing and, in stage calibrate, for calibration.
"""

import copy
import json

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from ..export.fusion import AttentionFusion, ConcatFusion
from ..export.problem import Problem
from .pairs import AGREEING, SHOWING, draw_pairs, read_material
from .run import Stage, seed_everything
from .vectors import encoders_of, face_head, text_head

STRONGEST_FACE = 1.5  # intensity of a face that is surely happy
SEEDS, EPOCHS, PAIRS_EACH, BATCH, RATE = 3, 6, 2, 128, 1e-3
PULL = 1e-3  # towards where the weights started
ONE_SIDE = 12.0  # of the loss: how much intensity that contradicts the class counts
AGAINST = 0.25  # an intensity that far on the other side than the class contradicts it
INTENSITY = 3  # the row of a fusion's layers
FUSIONS = {"concat": ConcatFusion, "attention": AttentionFusion}


def minimize(loss, parameters):
    """The least of `loss()` over the tensors `parameters`, by LBFGS."""
    optimizer = torch.optim.LBFGS(parameters, max_iter=300, line_search_fn="strong_wolfe")

    def step():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    with torch.enable_grad():
        optimizer.step(step)


def face_layer(head, material):
    """(weight [11,Dv], bias [11]) of pictures alone: the frame encoder's own emotions (`head`), and from their logits sentiment
    by a logistic layer and intensity by least squares, with the raters' votes as truth and emotions as frequent as PRIOR says."""
    weight, bias = head
    logits, truth, counts = F.linear(material.face, weight, bias), material.face_sentiment, material.face_weight
    classes, class_bias = torch.zeros(3, 7, requires_grad=True), torch.zeros(3, requires_grad=True)

    def loss():
        return (counts * F.cross_entropy(F.linear(logits, classes, class_bias), truth, reduction="none")).mean() + 1e-3 * classes.square().sum()

    minimize(loss, [classes, class_bias])
    strength = STRONGEST_FACE * (truth[:, 2] - truth[:, 0])
    root = counts.sqrt()[:, None]
    line = torch.linalg.lstsq(root * torch.cat([logits, torch.ones(len(logits), 1)], 1), root * strength[:, None]).solution[:, 0]
    to_rows = torch.cat([classes.detach(), line[None, :7], torch.eye(7)])
    return to_rows @ weight, to_rows @ bias + torch.cat([class_bias.detach(), line[7:], torch.zeros(7)])


def untrained(kind, text_layer, faces_layer, usual):
    """The fusion whose words alone and pictures alone are these layers, (weight, bias) each, and in which a face adds a tenth of
    its own rows, less `usual` [11], the mean of faces' rows, to those of words."""
    fusion = FUSIONS[kind](text_layer[0].shape[1], faces_layer[0].shape[1])
    added, bias = 0.1 * faces_layer[0], text_layer[1] + 0.1 * (faces_layer[1] - usual)
    with torch.no_grad():
        for layer, (weight, own_bias) in ((fusion.text, text_layer), (fusion.faces, faces_layer)):
            layer.weight.copy_(weight), layer.bias.copy_(own_bias)
        fusion.faces.requires_grad_(False)
        if kind == "concat":
            fusion.both.weight.copy_(torch.cat([text_layer[0], added], 1)), fusion.both.bias.copy_(bias)
        else:
            fusion.words.weight.copy_(text_layer[0]), fusion.words.bias.copy_(bias)
            fusion.value.weight.copy_(added)
            torch.nn.init.normal_(fusion.key.weight, std=fusion.key.in_features**-0.5)
            torch.nn.init.zeros_(fusion.query.weight), torch.nn.init.zeros_(fusion.query.bias)
    return fusion


def fuse(fusion, material, pairs, use_text=True, use_faces=True):
    """Rows [N,11] (sentiment, intensity, emotions) and the faces' shares [N,F]."""
    has_text = torch.full([len(pairs)], use_text)
    outputs = fusion(material.text[pairs.text], has_text, material.face[pairs.faces], pairs.weight * use_faces)
    return torch.cat([outputs[0], outputs[1][:, None], outputs[2]], 1), outputs[3]


def loss_of(rows, material, at):
    """Cross entropy of sentiment and of emotions and Huber of intensity, a row without the label having none. Mean over the rows,
    by Material.text_weight."""
    intensity = material.intensity[at]
    losses = (
        F.cross_entropy(rows[:, :3], material.sentiment[at], ignore_index=-1, reduction="none")
        + F.huber_loss(rows[:, INTENSITY], intensity.where(~intensity.isnan(), rows[:, INTENSITY].detach()), reduction="none")
        + F.cross_entropy(rows[:, 4:], material.emotion[at], ignore_index=-1, reduction="none")
    )
    return (material.text_weight[at] * losses).mean()


def beyond(rows):
    """[N]: how far the intensity is on the other side of 0 than the most probable class, which is what faces change most easily."""
    side = (rows[:, :3].argmax(1) - 1).detach()
    return F.relu(-side * rows[:, 3])


def keep_intensity_of_words(fusion):
    """From now on training leaves alone how words, with faces or without, are read as intensity."""
    words, width = fusion.both if isinstance(fusion, ConcatFusion) else fusion.words, fusion.text.in_features

    def still(gradient):
        return gradient.index_put((torch.tensor(INTENSITY), torch.arange(width)), torch.tensor(0.0))

    fusion.text.weight.register_hook(still)
    words.weight.register_hook(still)
    fusion.text.bias.register_hook(lambda gradient: gradient.index_fill(0, torch.tensor(INTENSITY), 0))


def train(fusion, material, seed, rate=RATE):
    """In place, on pairs drawn anew each epoch: some seconds to a minute, so that a killed run starts this seed again."""
    parameters = {name: value for name, value in fusion.named_parameters() if value.requires_grad}
    start = {name: value.detach().clone() for name, value in parameters.items()}
    keep_intensity_of_words(fusion)
    optimizer = torch.optim.AdamW(parameters.values(), lr=rate, weight_decay=0)
    decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, EPOCHS)
    for epoch in range(EPOCHS):
        pairs = draw_pairs(material, seed * EPOCHS + epoch, PAIRS_EACH)
        for batch in torch.randperm(len(pairs)).split(BATCH):
            batch = pairs.at(batch)
            both, words = (fuse(fusion, material, batch, use_faces=use)[0] for use in (True, False))
            loss = loss_of(both, material, batch.text) + loss_of(words, material, batch.text) + ONE_SIDE * beyond(both).square().mean()
            loss = loss + PULL * sum((value - start[name]).square().sum() for name, value in parameters.items())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        decay.step()
    return fusion


@torch.no_grad()
def figures_on(fusion, material, pairs, use_faces=True):
    """Of pairs that were not trained on: the loss as in training, by which fusions are chosen, and how often the class is right."""
    rows, _ = fuse(fusion, material, pairs, use_faces=use_faces)
    right = rows[:, :3].argmax(1) == material.sentiment[pairs.text]
    against = (beyond(rows) > AGAINST).float().mean()
    loss = loss_of(rows, material, pairs.text) + ONE_SIDE * beyond(rows).square().mean()
    return {"loss": float(loss), "accuracy": float(right.float().mean()), "intensity against the class": float(against)}


@torch.no_grad()
def pictures_acc2(fusion, material, pairs):
    """How often pictures alone find the sign of the text, of negative and of positive ones alike (mean of both)."""
    rows, _ = fuse(fusion, material, pairs, use_text=False)
    truth = material.sentiment[pairs.text]
    positive = rows[:, 3] > 0
    return float(((~positive)[truth == 0].float().mean() + positive[truth == 2].float().mean()) / 2)


def save_weights(fusion, path):
    save_file({name: value.contiguous() for name, value in fusion.state_dict().items()}, path)


def mean_of(fusions):
    """The first one, with the mean of all their weights: they start alike, so that their mean is one of their kind."""
    states = [fusion.state_dict() for fusion in fusions]
    fusions[0].load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return fusions[0]


def train_both(stage, encoders, learn, check, text_layer, faces_layer, seed, rate=RATE):
    """Leaves concat.safetensors, attention.safetensors and fusion.json, figures of both and which is chosen, in the stage's folder."""
    usual = F.linear(learn.face, *faces_layer).mean(0)
    pairs = draw_pairs(check, seed, PAIRS_EACH)

    state = stage.load()
    if state is None or state["encoders"] != encoders.digests:
        state = {"encoders": encoders.digests, "trained": {}}
    report, steps = {"pairs": len(pairs), "agreeing": AGREEING, "showing": SHOWING}, len(FUSIONS) * SEEDS
    for kind in FUSIONS:
        seed_everything(seed)
        start = untrained(kind, text_layer, faces_layer, usual)
        fusions = []
        for one in range(seed, seed + SEEDS):
            fusion = copy.deepcopy(start)
            if (kind, one) in state["trained"]:
                fusion.load_state_dict(state["trained"][kind, one])
            else:
                state["trained"][kind, one] = train(fusion, learn, one, rate).state_dict()
                stage.save(state)
            fusions.append(fusion)
            stage.tick(len(state["trained"]), steps, f"{kind}, seed {one}")
        losses = [figures_on(fusion, check, pairs) for fusion in fusions]
        fusion = mean_of(fusions)
        save_weights(fusion, stage.folder / f"{kind}.safetensors")
        report["pictures alone, Acc-2"] = pictures_acc2(fusion, check, pairs)
        report[kind] = {"mean of weights": figures_on(fusion, check, pairs)}
        report[kind]["text alone"] = figures_on(fusion, check, pairs, use_faces=False)
        report[kind]["text alone, own head"] = figures_on(start, check, pairs, use_faces=False)
        for name in losses[0]:
            values = np.array([one[name] for one in losses])
            report[kind][f"{name} of seeds"] = {"mean": float(values.mean()), "deviation": float(values.std(ddof=1))}
    report["chosen"] = min(FUSIONS, key=lambda kind: report[kind]["mean of weights"]["loss"])
    (stage.folder / "fusion.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    stage.finish()


def run(options):
    stage, encoders = Stage(options.work, "fusion"), encoders_of(options.work)
    learn, check = (read_material(encoders, options.data, "valid").half(second) for second in (False, True))
    faces_layer = face_layer(face_head(encoders.files["faces"]), learn)
    train_both(stage, encoders, learn, check, text_head(encoders.files["text"]), faces_layer, options.seed)


def chosen(folder):
    """concat or attention: what train_both, which has written into `folder`, found the better one."""
    try:
        return json.loads((folder / "fusion.json").read_text(encoding="utf-8"))["chosen"]
    except OSError as error:
        raise Problem(f"{folder}/fusion.json: no such file; run stage fusion first") from error
