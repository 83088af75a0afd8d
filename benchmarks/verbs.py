"""Whether a docstring begins with a verb in the imperative, by a list of verbs: about right, no more."""

VERBS = """
accept adapt add adjust advise align allow annotate answer append apply arrange ask assemble assert assign attach
average back be begin bind block book break bring build bundle bury cache calculate calibrate call cancel change check
choose clamp classify clean clear clip close cluster collapse collect colour combine compare compile complete compose
compress compute concatenate confirm connect consume continue convert copy correct count create crop cross cut decide
decline decode decorate delete deliver demote derive describe detect digest discard display distribute divide do
download draw drop edit embed empty encode end ensure enter erase escape estimate evaluate examine exclude execute exit
expand expect explain export extend extract fail fall fetch fill filter find finish fit fix flag flatten fold follow
forget format free gather generate get give go grade group grow guard guess handle hash hide highlight hold identify
ignore import improve include index infer initialise insert install interpolate interrupt intersect invert invite
iterate join judge jump keep label launch lay learn leave lend let lift limit link list listen load locate lock log
look lower make map mark mask match mean measure mend merge migrate mix model monitor move multiply name narrow negate
normalise note notify number observe offer omit open order paint pair parse partition pass paste pause permit pick pin
place plan play plot point poll pool predict prefer prepare present preserve prevent print probe process produce
project promise promote propose protect prune pull push put quantise query queue quote raise rank rate read rebuild
recall receive recommend record recover redraw reduce refine refresh refuse register reject release reload remember
remove rename render repair repeat replace report request require reset resize resolve restore resume retrieve return
reuse reverse revert review rewrite round route run sample save say scale scan schedule score search see select send
separate serialise serve set settle shade share shift shorten show shrink shuffle simulate skip slice smooth snap solve
sort spell split spread squeeze stack stand start state stem stop store stream stretch strip style submit subtract
suggest sum summarise supply swap switch take teach tell test throw time tokenise touch trace track train transform
translate transpose traverse treat trim truncate try turn undo unify unite unlock unpack unpin update upgrade upload
use validate verify view visit wait walk warm warn watch weigh weight widen withdraw work wrap write yield zip zoom
"""
ALSO_NOUNS = """
average cache change check cluster colour count cross cut digest display download end estimate export filter fit fold
format grade group hash index label limit link list load log look map mark mask match mean measure mix model name note
number offer order pair pass plan plot point project query queue quote rank rate recall record report request review
round sample scale score search set share slice sort state stem sum test time track turn update upload use view weight
"""
"""Those of them that are nouns too."""
AFTER_NOUNS = ("of", "per", "and", "or", "is")
"""A word that can be both is a noun before one of these: "Share of products"."""

_VERBS = frozenset(VERBS.split())
_ALSO_NOUNS = frozenset(ALSO_NOUNS.split())


def begins_with_verb(docstring: str) -> bool:
    """Judge by the first two words; a verb that is not in the list counts as none."""
    words = docstring.split()[:2]
    first, second = [*(word.strip("`*\"'(),.:;").lower() for word in words), "", ""][:2]
    if first not in _ALSO_NOUNS:
        return first in _VERBS
    return second not in AFTER_NOUNS and not words[0].endswith((":", ".", ";"))
