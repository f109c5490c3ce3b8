"""QR codes as inline images, generated here and not by a web service."""


def qr_image(text: str) -> str:
    """Data URI (``data:image/svg+xml…``) of a QR code, dark on white on any background."""
    import segno

    return segno.make_qr(text, error="m").svg_data_uri(scale=5, border=4, dark="#17324d", light="#fff")
