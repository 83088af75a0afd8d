"""The parts of a score as markup: name, bar, contribution and reason of each."""

import html

from pages.shared import texts
from pages.shared.cards import part_colour, part_name
from prodsim.explain import Explanation, PartReason


def parts_html(explanation: Explanation) -> str:
    """Return a line for each part: name, bar, contribution and the reason; then the sum."""
    longest = max((abs(part.contribution) for part in explanation.parts), default=0.0) or 1.0
    lines = []
    for part in explanation.parts:
        width = 100 * abs(part.contribution) / longest
        colour = part_colour(part.name)
        shade = "opacity:.45;" if part.contribution < 0 else ""
        reason = html.escape(_reason(part))
        lines.append(
            f'<div style="display:grid;grid-template-columns:6.2rem 1fr 3.6rem;gap:.5rem;align-items:center">'
            f"<span>{html.escape(part_name(part.name))}</span>"
            f'<span style="height:.6rem;border-radius:1rem;background:{colour};{shade}width:{width:.1f}%"></span>'
            f'<span style="text-align:right">{part.contribution:+.3f}</span></div>'
            f'<div class="ps-soft" style="white-space:normal;margin:0 0 .35rem 6.7rem">{reason}</div>'
        )
    score = html.escape(texts.TOTAL(score=explanation.score))
    total = f'<div style="text-align:right;font-weight:650">{score}</div>'
    return "".join(lines) + total


def _reason(part: PartReason) -> str:
    if not part.share:
        return texts.ON_TOP(reason=part.sentence) if part.contribution else part.sentence
    return texts.SHARE_OF_WEIGHTS(reason=part.sentence, share=part.share)
