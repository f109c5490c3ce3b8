"""A QR code as an image inside the page: drawn here, and asked of nobody."""


def qr_image(text: str) -> str:
    """The address (``data:image/svg+xml…``) of a QR code for a text, dark on white whatever stands around it."""
    import segno

    return segno.make_qr(text, error="m").svg_data_uri(scale=5, border=4, dark="#17324d", light="#fff")
