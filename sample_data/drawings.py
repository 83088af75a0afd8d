"""Small flat pictures: one drawing per shape, tinted."""

SHAPES = {
    "jacket": '<path d="M92 58 L120 46 L148 58 L176 78 L166 110 L154 104 L154 148 H86 V104 L74 110 L64 78 Z"/><path class="d" d="M118 52 h4 v96 h-4z"/>',
    "jumper": '<path d="M90 60 Q120 74 150 60 L178 84 L166 112 L152 102 V146 H88 V102 L74 112 L62 84 Z"/><path class="d" d="M88 138 h64 v8 h-64z"/>',
    "shirt": '<path d="M94 58 Q120 76 146 58 L176 76 L166 98 L150 92 V148 H90 V92 L74 98 L64 76 Z"/>',
    "trousers": '<path d="M92 46 H148 L154 150 H126 L120 84 L114 150 H86 Z"/><path class="d" d="M92 46 h56 v9 h-56z"/>',
    "boot": '<path d="M92 50 H126 V104 L164 118 Q174 124 172 140 H88 Z"/><path class="d" d="M86 138 h88 v10 h-88z"/>',
    "shoe": '<path d="M68 96 Q84 104 98 88 L120 104 L164 116 Q176 122 174 134 H68 Z"/><path class="d" d="M66 132 h110 q-2 12 -12 12 h-98z"/>',
    "sock": '<path d="M104 46 H136 V104 L158 122 Q166 140 146 146 L104 120 Z"/><path class="d" d="M104 46 h32 v10 h-32z"/>',
    "tent": '<path d="M120 50 L186 146 H54 Z"/><path class="d" d="M120 84 L142 146 H98 Z"/>',
    "bag": '<rect x="92" y="44" width="56" height="106" rx="28"/><path class="d" d="M118 60 h4 v78 h-4z"/>',
    "mat": '<rect x="62" y="72" width="116" height="62" rx="10"/><path class="d" d="M84 72 h5 v62 h-5z M117 72 h5 v62 h-5z M150 72 h5 v62 h-5z"/>',
    "stove": '<rect x="84" y="66" width="72" height="44" rx="5"/><path d="M96 118 h48 l10 30 h-68z"/><path class="d" d="M76 62 h88 v7 h-88z"/>',
    "pack": '<path d="M86 72 Q88 46 120 46 Q152 46 154 72 L158 148 H82 Z"/><path class="d" d="M96 104 h48 v30 h-48z M108 46 q12 -14 24 0 h-5 q-7 -7 -14 0z"/>',
    "duffel": '<rect x="58" y="78" width="124" height="62" rx="26"/><path class="d" d="M92 80 Q120 40 148 80 h-7 Q120 54 99 80z"/>',
    "bottle": '<path d="M104 70 Q104 60 110 58 V44 H130 V58 Q136 60 136 70 V148 H104 Z"/><path class="d" d="M108 40 h24 v12 h-24z"/>',
    "torch": '<rect x="88" y="76" width="64" height="46" rx="12"/><circle class="d" cx="120" cy="99" r="14"/><path d="M56 92 h34 v12 h-34z M150 92 h34 v12 h-34z"/>',
    "coffeepot": '<path d="M100 52 H144 L152 148 H88 Z"/><path class="d" d="M150 72 q30 8 6 50 l-4 -9 q12 -22 -4 -30z M94 66 l-16 -12 h22z"/>',
    "grinder": '<path d="M94 60 H146 L138 100 V148 H102 V100 Z"/><path class="d" d="M118 60 V46 H160 v-6 h6 v14 h-40 v6z"/>',
    "mug": '<path d="M80 68 H146 V132 Q146 144 134 144 H92 Q80 144 80 132 Z"/><path class="d" d="M146 80 q34 2 22 30 q-6 12 -22 14 v-10 q16 -4 14 -14 q-2 -9 -14 -10z"/>',
    "knife": '<path d="M52 104 Q104 72 146 94 L142 112 Z"/><path class="d" d="M144 94 l44 10 v12 l-48 -4z"/>',
    "pan": '<ellipse cx="104" cy="104" rx="50" ry="40"/><ellipse class="d" cx="104" cy="102" rx="38" ry="29"/><path d="M150 98 h44 v11 h-44z"/>',
    "fan": '<circle cx="120" cy="84" r="42"/><circle class="d" cx="120" cy="84" r="8"/><path class="d" d="M120 76 q20 -28 28 -4 z M120 92 q-20 28 -28 4z"/><path d="M115 124 h10 v18 h24 v8 h-58 v-8 h24z"/>',
    "lamp": '<path d="M96 50 H144 L160 98 H80 Z"/><path class="d" d="M117 98 h6 v44 h24 v8 h-54 v-8 h24z"/>',
    "blanket": '<path d="M66 62 H166 Q178 62 178 74 V140 H78 Q66 140 66 128 Z"/><path class="d" d="M66 84 h112 v8 h-112z M66 108 h112 v8 h-112z"/>',
    "towel": '<rect x="78" y="46" width="84" height="104" rx="5"/><path class="d" d="M78 118 h84 v6 h-84z M78 130 h84 v6 h-84z"/>',
    "trowel": '<path d="M64 132 Q70 92 104 88 L118 102 Q112 136 64 132 Z"/><path class="d" d="M112 90 l44 -42 l12 12 l-44 42z"/>',
    "jar": '<rect x="78" y="76" width="84" height="68" rx="14"/><rect class="d" x="82" y="54" width="76" height="24" rx="6"/>',
    "tube": '<path d="M92 48 H148 L140 132 H100 Z"/><rect class="d" x="104" y="132" width="32" height="18" rx="4"/>',
    "pump": '<path d="M92 82 H148 V148 H92 Z"/><path class="d" d="M114 82 V60 h-20 v-10 h36 v32z"/>',
    "dropper": '<rect x="96" y="84" width="48" height="64" rx="10"/><path class="d" d="M110 84 V58 q0 -14 10 -14 q10 0 10 14 v26z"/>',
    "lipstick": '<rect x="102" y="92" width="36" height="56" rx="3"/><path class="d" d="M108 92 V64 q12 -20 24 -8 v36z"/>',
    "compact": '<ellipse cx="120" cy="112" rx="54" ry="34"/><ellipse class="d" cx="120" cy="106" rx="40" ry="22"/>',
    "sheet": '<rect x="82" y="46" width="76" height="102" rx="8"/><circle class="d" cx="106" cy="86" r="7"/><circle class="d" cx="134" cy="86" r="7"/><path class="d" d="M102 118 q18 14 36 0 z"/>',
}


def draw(shape: str, colour: str) -> str:
    """An SVG of 240 x 180 with the shape in the colour on a soft ground."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180" width="240" height="180">'
        '<rect width="240" height="180" fill="#f4f1ea"/><ellipse cx="120" cy="156" rx="66" ry="8" fill="#e4dfd3"/>'
        f'<style>.d{{fill:#00000038}}</style><g fill="{colour}">{SHAPES[shape]}</g></svg>\n'
    )
