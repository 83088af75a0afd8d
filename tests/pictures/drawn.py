"""Pictures that tests draw."""

import io

from PIL import Image, ImageDraw


def draw(shape, colour, size=(96, 96), ground="white"):
    """Return a picture with one shape: disc, square or bars."""
    image = Image.new("RGB", size, ground)
    pen, (width, height) = ImageDraw.Draw(image), size
    box = (width // 5, height // 6, width * 7 // 10, height * 3 // 4)
    if shape == "disc":
        pen.ellipse(box, colour)
    elif shape == "square":
        pen.rectangle(box, colour)
    else:
        for left in range(0, width, width // 6):
            pen.rectangle((left, 0, left + width // 14, height), colour)
    return image


def saved(image, kind="PNG", **options):
    """Return the bytes of a picture's file."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()
