"""The exception of this room's services: what was asked for cannot be, with the field it is about."""


class Refused(Exception):
    """What was asked for cannot be done; the text is for the person who asked. `field` names the field of the form."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
