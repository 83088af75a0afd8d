"""Weights learned from a person's judgements, and whether they are better on judgements they had not seen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from prodsim.errors import QueryError
from prodsim.index import Rows
from prodsim.progress import SILENT, Progress
from prodsim.search import Query, SearchEngine
from prodsim.similarity import Weights

FEWEST = 30
FEWEST_OF_A_KIND = 8
"""Judgements of a grade of at least ``PARTNER``, and of a lower one."""
PARTNER = 0.5
"""Grade from which two count as belonging together where a metric knows only yes and no."""
FOLDS = 5
INNER_FOLDS = 3
LARGE = 1 / 3
"""Share of all judgements above which those that hang together are cut apart."""
STRENGTHS = (10_000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
"""How firmly weights are held to the present ones, as a precision; the first leaves them as they are."""
ERRORS = 2.0
SCALE = 1.0
"""The least log odds that the present weights stand for; from 0 they would say nothing where judgements are chance."""
RIDGE = 0.01
"""Keeps the model finite where the parts tell all judgements apart; too small to move a weight otherwise."""
RESAMPLES = 500
MOST = 2.0
"""The largest weight a slider has."""
NAMES = tuple(Weights.preset("overall").as_dict())

Values = NDArray[np.float64]
Metric = Callable[[Values, Values], float]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of one product as an answer.

    Attributes:
        asked: SKU of the product, or the text, that was asked by.
        sku: the answer.
        grade: in [0, 1]; 1 belongs together, 0 does not.
        is_text: whether ``asked`` is a text; one that names a product counts as that product, as in a search.
    """

    asked: str
    sku: str
    grade: float
    is_text: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.grade <= 1:
            raise ValueError(f"grade must be in [0, 1], got {self.grade}")


@dataclass(frozen=True, slots=True)
class Judgements:
    """Judgements as numbers, one per row.

    Attributes:
        ends: int64, shape (n, 2): what was asked by and the answer, as numbers of products or texts.
        parts: float64, shape (n, len(NAMES)); 0 where a part tells nothing.
        known: bool, the same shape: the parts that a search of this kind compares by.
        is_text: bool, shape (n,).
        grade: float64, shape (n,).
    """

    ends: Rows
    parts: Values
    known: NDArray[np.bool_]
    is_text: NDArray[np.bool_]
    grade: Values

    def __len__(self) -> int:
        return len(self.grade)

    def __getitem__(self, rows: NDArray[np.bool_]) -> "Judgements":
        return Judgements(self.ends[rows], self.parts[rows], self.known[rows], self.is_text[rows], self.grade[rows])

    @property
    def together(self) -> NDArray[np.bool_]:
        """Whether the grade is at least ``PARTNER``."""
        return self.grade >= PARTNER

    @property
    def of_each_kind(self) -> tuple[int, int]:
        """How many belong together, and how many do not."""
        return int(self.together.sum()), int((~self.together).sum())

    def score(self, weights: Values) -> Values:
        """The score a search shows: the mean of the known parts by their weights."""
        return np.asarray(self.parts @ weights / np.maximum(self.known @ weights, 1e-9))


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric of held-out judgements under both weights; ``low`` and ``high`` bound the difference, 95 %."""

    present: float
    learned: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Above 0 where the learned weights are better."""
        return self.learned - self.present


@dataclass(frozen=True, slots=True)
class Learned:
    """What judgements teach.

    Attributes:
        weights: proposed; learned from all judgements. Where nothing is better they may be worse than the present ones.
        present: those they were held to and compared with.
        n: judgements used.
        n_left_out: those that name a product the catalog has not, or answer a product with itself.
        n_held_out: those that were asked of weights learned without their products.
        auc: area under the ROC curve of the held-out judgements.
        ap: average precision of the held-out judgements.
    """

    weights: Weights
    present: Weights
    n: int
    n_left_out: int
    n_held_out: int
    auc: Compared
    ap: Compared

    @property
    def is_better(self) -> bool:
        """Whether the weights changed and the 95 % interval of the difference in AP lies above 0."""
        return self.weights != self.present and self.ap.low > 0

    @property
    def verdict(self) -> str:
        """One sentence to show."""
        measured = (
            f"AP {self.ap.learned:.2f} against {self.ap.present:.2f} "
            f"(difference {self.ap.difference:.2f}, 95 % {self.ap.low:.2f} to {self.ap.high:.2f})"
        )
        if self.is_better:
            return f"better on judgements it had not seen: {measured}"
        return f"no better than the present weights on judgements it had not seen: {measured}; keep the present ones"


def learn_weights(
    engine: SearchEngine, judged: Sequence[Judged], weights: Weights | None = None, *, progress: Progress = SILENT
) -> Learned:
    """Propose weights under which what belongs together scores higher.

    A logistic model of the grade on the parts, with weights of 0 or more that are held to the direction of the present
    ones: a Gaussian prior, whose strength is chosen on held-out judgements too. Few judgements move them little.
    They are measured by cross-validation in which no product or text is on both sides of a split.

    Args:
        engine: of the catalog.
        judged: what the person said.
        weights: the present ones; the engine's own by default.
        progress: advanced by splits.

    Returns:
        Weights as sliders have them: the largest as large as the present largest, rounded to 0.01. A part of which the
        judgements tell nothing keeps its share.

    Raises:
        QueryError: fewer than 30 judgements, fewer than 8 of either kind, or too many of the same products to hold
            some out.
    """
    data, n_left_out = read_judgements(engine, judged)
    _check_enough(data, n_left_out)
    held_to = weights or engine.weights
    present = np.array(list(held_to.as_dict().values()))
    folds = list(splits(data, FOLDS))
    _check_splits(data, [held_out for _, held_out in folds])
    progress.step("learn", len(folds) + 1, "splits")
    tests, scores = [], []
    for train, held_out in folds:
        tests.append(data[held_out])
        scores.append((tests[-1].score(present), tests[-1].score(_learn(data[train], present))))
        progress.advance()
    label = np.concatenate([test.together for test in tests]).astype(np.float64)
    before, after = (np.concatenate(column) for column in zip(*scores, strict=True))
    proposed = _learn(data, present)
    progress.advance()
    auc, ap = (_compare(metric, label, before, after) for metric in _metrics())
    rounded = Weights(**dict(zip(NAMES, proposed.round(2).tolist(), strict=True)))
    return Learned(rounded, held_to, len(data), n_left_out, len(label), auc, ap)


def read_judgements(engine: SearchEngine, judged: Sequence[Judged]) -> tuple[Judgements, int]:
    """The judgements that can be used as numbers, those by products first, and how many cannot."""
    by_product: list[tuple[int, int, float]] = []
    by_text: dict[str, list[tuple[int, float]]] = {}
    for one in judged:
        try:
            row = engine.lookup.row(one.sku)
            rows, text = engine.lookup.wanted(Query(text=one.asked) if one.is_text else Query(like=(one.asked,)))
        except QueryError:
            continue
        if text:
            by_text.setdefault(text, []).append((row, one.grade))
        elif rows and rows[0] != row:
            by_product.append((rows[0], row, one.grade))
    data = _as_numbers(engine, by_product, by_text)
    return data, len(judged) - len(data)


def _as_numbers(
    engine: SearchEngine, by_product: list[tuple[int, int, float]], by_text: Mapping[str, list[tuple[int, float]]]
) -> Judgements:
    """Texts are numbered after all products."""
    comparer, n_products = engine.comparer, len(engine.comparer.index)
    a = np.array([one for one, _, _ in by_product], np.int64)
    b = np.array([other for _, other, _ in by_product], np.int64)
    ends, grades = [np.column_stack([a, b])], [grade for _, _, grade in by_product]
    found = [(len(a), comparer.pair_parts(a, b))]
    vectors = dict(zip(by_text, engine.encode(list(by_text)), strict=True)) if by_text else {}
    for place, (text, answers) in enumerate(by_text.items()):
        rows = np.array([row for row, _ in answers], np.int64)
        ends.append(np.column_stack([np.full(len(rows), n_products + place), rows]))
        grades += [grade for _, grade in answers]
        found.append((len(rows), comparer.text_parts(text, vectors[text][None], rows)))
    parts = [np.column_stack([of.get(name, np.zeros(n)) for name in NAMES]) for n, of in found]
    known = [np.tile([name in of for name in NAMES], (n, 1)) for n, of in found]
    every = np.vstack(ends)
    return Judgements(
        every, np.vstack(parts).astype(np.float64), np.vstack(known), every[:, 0] >= n_products, np.array(grades)
    )


def splits(data: Judgements, n_folds: int) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Masks of judgements to learn from and to hold out; no product or text is in both.

    Judgements that hang together through their products are kept together while they are few; more are cut apart, and
    those across a cut are on neither side. Splits that would leave one kind of judgement to learn from are left out.
    """
    fold = _folds(data, n_folds)[data.ends]
    for number in range(n_folds):
        train, held_out = (fold != number).all(axis=1), (fold == number).all(axis=1)
        if held_out.any() and min(data[train].of_each_kind) > 0:
            yield train, held_out


def _folds(data: Judgements, n_folds: int) -> NDArray[np.int64]:
    """The fold of each product or text: block after block, the largest first, to the fold that has the fewest."""
    block = _blocks(data, len(data) / n_folds)
    of = block[data.ends[:, 0]]  # a judgement across blocks counts where it was asked
    n_blocks = int(block.max()) + 1
    counts = np.column_stack([np.bincount(of[mask], minlength=n_blocks) for mask in (data.together, ~data.together)])
    filled, fold_of_block = np.zeros((n_folds, 2)), np.zeros(n_blocks, np.int64)
    for one in np.argsort(-counts.sum(axis=1), kind="stable"):
        fold_of_block[one] = np.argmin(((filled + counts[one]) ** 2).sum(axis=1) - (filled**2).sum(axis=1))
        filled[fold_of_block[one]] += counts[one]
    return np.asarray(np.where(block < 0, -1, fold_of_block[block]), np.int64)


def _blocks(data: Judgements, size: float) -> NDArray[np.int64]:
    """The block of each product or text, -1 for one that is not judged.

    A block is all that hangs together or, where that is more than ``LARGE`` of all judgements, a stretch of it with
    about ``size`` judgements. Stretches are cut from the order of Cuthill and McKee (1969), in which what is judged
    together stands close, so that cuts cross few judgements.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components, reverse_cuthill_mckee

    nodes, flat = np.unique(data.ends, return_inverse=True)
    a, b = flat.reshape(data.ends.shape).T
    graph = coo_array((np.ones(len(data)), (a, b)), (len(nodes), len(nodes))).tocsr()
    graph = (graph + graph.T).tocsr()
    component = connected_components(graph, directed=False)[1]
    order = reverse_cuthill_mckee(graph, symmetric_mode=True)
    order = order[np.argsort(component[order], kind="stable")]
    degree = np.bincount(np.concatenate([a, b]), minlength=len(nodes))[order]
    before = np.cumsum(degree) - degree
    first = np.flatnonzero(np.diff(component[order], prepend=-1))
    since = before - np.repeat(before[first], np.diff(first, append=len(order)))
    is_large = np.bincount(component[a])[component[order]] > LARGE * len(data)
    stretch = np.where(is_large, since // (2 * size), 0).astype(np.int64)  # each judgement is counted at both its ends
    keys = np.column_stack([component[order], stretch])
    block = np.full(int(data.ends.max()) + 1, -1)
    block[nodes[order]] = np.unique(keys, axis=0, return_inverse=True)[1].ravel()
    return block


def _learn(data: Judgements, present: Values) -> Values:
    """Weights from judgements, held to the present ones as firmly as held-out judgements advise."""
    fitted = _fit(data, present, _strength(data, present))[: len(NAMES)]
    if fitted.max() < 1e-6:
        return present
    return np.asarray(fitted * (min(present.max(), MOST) / fitted.max()))


def _strength(data: Judgements, present: Values) -> float:
    """The firmest strength whose held-out loss is within ``ERRORS`` standard errors of the least one's.

    The rule of one standard error is Breiman et al.'s (1984, ch. 3); two keep chance from moving weights.
    """
    inner = list(splits(data, INNER_FOLDS))
    if not inner:
        return STRENGTHS[0]
    losses = np.array(
        [
            np.concatenate([_loss(data[test], _fit(data[train], present, strength)) for train, test in inner])
            for strength in STRENGTHS
        ]
    )
    more = losses - losses[np.argmin(losses.mean(axis=1))]
    error = more.std(axis=1) / np.sqrt(losses.shape[1])
    return STRENGTHS[int(np.argmax(more.mean(axis=1) <= ERRORS * error))]


def _fit(data: Judgements, present: Values, strength: float) -> Values:
    """Weights in units of log odds, then an intercept for product pairs and one for texts."""
    from scipy.optimize import minimize

    inputs = _inputs(data)
    direction = present / np.linalg.norm(present)
    n_free = inputs.shape[1] - len(present)
    start = np.concatenate([SCALE * direction, np.zeros(n_free)])
    bounds = [(0.0, None)] * len(present) + [(None, None)] * n_free
    objective = partial(_objective, inputs=inputs, grade=data.grade, direction=direction, strength=strength)
    return np.asarray(minimize(objective, start, jac=True, bounds=bounds, method="L-BFGS-B").x, np.float64)


def _objective(
    values: Values, inputs: Values, grade: Values, direction: Values, strength: float
) -> tuple[float, Values]:
    """Cross-entropy plus the squared distance from the present weights at any scale from ``SCALE``; with its gradient.

    Convex, because those weights are a ray.
    """
    logit = inputs @ values
    weights = values[: len(direction)]
    away = weights - max(SCALE, float(weights @ direction)) * direction
    loss = (np.logaddexp(0, logit) - grade * logit).sum() + (strength * away @ away + RIDGE * weights @ weights) / 2
    slope = inputs.T @ (_odds(logit) - grade)
    slope[: len(direction)] += strength * away + RIDGE * weights
    return float(loss), slope


def _loss(data: Judgements, values: Values) -> Values:
    """Cross-entropy of each judgement."""
    logit = _inputs(data) @ values
    return np.asarray(np.logaddexp(0, logit) - data.grade * logit)


def _inputs(data: Judgements) -> Values:
    return np.column_stack([data.parts, ~data.is_text, data.is_text])


def _odds(logit: Values) -> Values:
    from scipy.special import expit

    return np.asarray(expit(logit))


def _metrics() -> tuple[Metric, Metric]:
    from sklearn.metrics import average_precision_score, roc_auc_score  # scikit-learn takes a second to import

    return roc_auc_score, average_precision_score


def _compare(metric: Metric, label: Values, before: Values, after: Values) -> Compared:
    """The metric under both scores; the same judgements are drawn for both, as many of each kind as there are."""
    rng = np.random.default_rng(0)
    kinds = [np.flatnonzero(label == kind) for kind in (0, 1)]
    differences = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([rng.choice(kind, len(kind)) for kind in kinds])
        differences.append(metric(label[rows], after[rows]) - metric(label[rows], before[rows]))
    low, high = np.percentile(differences, [2.5, 97.5])
    return Compared(float(metric(label, before)), float(metric(label, after)), float(low), float(high))


def _check_enough(data: Judgements, n_left_out: int) -> None:
    together, apart = data.of_each_kind
    more = max(FEWEST - len(data), 0)
    wanted = [f"{more} more in all"] if more else []
    for name, n in (("belong together", together), ("do not", apart)):
        if n < FEWEST_OF_A_KIND:
            wanted.append(f"{FEWEST_OF_A_KIND - n} more that {name}")
    if wanted:
        left_out = f"; {n_left_out} more cannot be used" if n_left_out else ""
        raise QueryError(
            f"{len(data)} judgements are too few to learn from: {together} say that two belong together, "
            f"{apart} that they do not{left_out}.",
            f"Judge {', '.join(wanted)}.",
        )


def _check_splits(data: Judgements, held_out: Sequence[NDArray[np.bool_]]) -> None:
    """Refuse judgements that cannot be told apart by product, so that nothing would measure what they teach."""
    kinds = np.array([data[mask].of_each_kind for mask in held_out]).reshape(-1, 2).sum(axis=0)
    short = np.maximum(FEWEST_OF_A_KIND - kinds, 0)
    if short.any():
        raise QueryError(
            f"The {len(data)} judgements fall on too few products: held out by product, {kinds[0]} remain that belong "
            f"together and {kinds[1]} that do not, of {FEWEST_OF_A_KIND} needed.",
            f"Judge at least {short[0]} pairs that belong together and {short[1]} that do not, asked by other products "
            "or texts.",
        )
