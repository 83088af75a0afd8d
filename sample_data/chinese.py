"""Chinese titles and descriptions."""

from sample_data.chance import Dice
from sample_data.models import Model

CLOSINGS = (
    "喜欢可以先收藏。",
    "支持七天无理由退换。",
    "下单当天发货，江浙沪隔天到。",
    "回购率很高的一款。",
    "包装完好，送人自用都合适。",
    "有问题随时联系客服。",
)


def title(model: Model, colour: str, size: str) -> str:
    """The title of one variant, the way shops on large marketplaces write it."""
    first, second = (feature.words for feature in model.features[:2])
    name, brand, series, use = model.name, model.brand, model.series, model.use.words
    shown = [colour] if model.kind.colour_shown else []
    details = " ".join(part for part in (*shown, size) if part)
    forms = (
        f"{brand} {series}{first}{name} {details} {use}",
        f"{brand}{first}{name} {use} {second} {details}",
        f"{name} {brand} {series}系列 {first} {second} {details}",
        f"【{use}】{brand} {first}{name} {series} {details}",
        f"{brand} {series}{name} {first} {second} {use} {details}",
        f"{first}{name}{size} {use} {brand}{series} {' '.join(shown)}",
        f"{brand} {model.code} {first}{name} {details}",
    )
    return " ".join(forms[int(model.wording * len(forms))].split())


def describe(model: Model, dice: Dice) -> str:
    """Two to six sentences about a model."""
    first, second = (dice.pick(feature.sentences) for feature in model.features[:2])
    use = dice.pick(model.use.sentences)
    sentences = [_opening(model, dice)] if dice.happens(0.75) else []
    sentences.append(first)
    if dice.happens(0.75):
        sentences.append(second)
    if len(sentences) < 2 or dice.happens(0.7):
        sentences.append(use)
    if dice.happens(0.4):
        label = "主要成分" if model.kind.category.startswith(("美妆", "个人")) else "材质"
        sentences.append(f"{label}：{model.material}。")
    if dice.happens(0.3):
        sentences.append(dice.pick(CLOSINGS))
    return "".join(sentences)


def _opening(model: Model, dice: Dice) -> str:
    first, second = (feature.words for feature in model.features[:2])
    name, brand, series, use = model.name, model.brand.split()[0], model.series, model.use.words
    return dice.pick(
        (
            f"{brand}{series}系列{name}，主打{first}。",
            f"一款{first}的{name}，{second}。",
            f"{brand}这款{name}，{first}，{second}。",
            f"想要{first}的{name}，可以试试{brand}{series}。",
            f"{series}{name}：{first}，{second}，{use}。",
        )
    )
