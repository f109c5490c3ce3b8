"""Schema validation of bank files.

Written files are always validated by grammars of our own, incoming files where a schema is available.

The grammars in ``grammar/`` are the subset of OPI and CBI that the writers emit, in our own words. ISO 20022 schemas
come with the package ``sepaxml``. The official OPI and CBI schemas may not be shipped: an installation keeps them in a
folder.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Literal

from lxml import etree

from fund.bank.port import Notice
from fund.domain.errors import BankFileInvalid

Outcome = Literal["valid", "invalid", "not-validated"]

SHIPPED: Mapping[str, str] = MappingProxyType(
    {version: f"{version}.xsd" for version in ("pain.001.001.03", "pain.001.001.09")}
)
"""Schemas inside ``sepaxml``."""

GRAMMARS = ("fund-opi-orders-1", "fund-opi-journal-1", "fund-opi-outcome-1", "fund-cbi-request-1")
"""Our own grammars, named after file and version; whatever they accept, the official schemas accept."""

_GRAMMAR_FOLDER = Path(__file__).with_name("grammar")

_ISO_NAMES = tuple(
    f"{message}.001.{version:02}"
    for message in ("camt.052", "camt.053", "camt.054", "pain.002")
    for version in range(2, 16)
)

IN_FOLDER: Mapping[str, str] = MappingProxyType(
    {
        "cbi": "cbi/CBIPaymentRequest.00.04.01.xsd",
        "opi": "opi/OPI_FLUSSO_ORDINATIVI_V_1_7_1.xsd",
        "opi-journal": "opi/OPI_GIORNALE_DI_CASSA_V_1_7_1.xsd",
        "opi-outcome": "opi/OPI_MSG_ESITO_APPLICATIVO_V_1_6_1.xsd",
        **{name: f"iso20022/{name}.xsd" for name in _ISO_NAMES},
    }
)
"""Paths of the official schemas in the installation's folder."""

INCOMING: Mapping[str, str] = MappingProxyType(
    {
        "OPI giornale di cassa": "opi-journal",
        "OPI messaggi_esito_applicativo": "opi-outcome",
        **{name: name for name in _ISO_NAMES},
    }
)
"""Schema of each incoming format."""

MAX_BYTES = 32 * 1024 * 1024
"""Largest incoming file that is validated: a schema needs the whole tree in memory, which the readers never build."""

MAX_FINDINGS = 20
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
CBI = "urn:CBI:xsd:CBIPaymentRequest.00.04.01"
CBI_BODY = "urn:CBI:xsd:CBIBdyPaymentRequest.00.04.01"
"""The envelope that some portals want around a request."""
STAND_IN = f"""<Signature xmlns="{_DSIG}"><SignedInfo><CanonicalizationMethod Algorithm="urn:none"/>
<SignatureMethod Algorithm="urn:none"/><Reference><DigestMethod Algorithm="urn:none"/><DigestValue>AA==</DigestValue>
</Reference></SignedInfo><SignatureValue>AA==</SignatureValue></Signature>"""
"""An empty signature, for a schema that requires one."""
_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?([\w.-]+)'")
_validating = Lock()


@dataclass(frozen=True, slots=True)
class SchemaResult:
    """Outcome of a validation. ``errors`` name lines, elements and rules, never a value.

    ``reason`` is why a file was not validated: ``no-folder``, ``schema-missing``, ``schema-unreadable``, ``too-large``.
    """

    outcome: Outcome
    errors: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def is_valid(self) -> bool:
        return self.outcome == "valid"


def validate(data: bytes, schema: str, folder: Path | None = None) -> SchemaResult:
    """Validate a file by a schema of ``SHIPPED``, ``GRAMMARS`` or ``IN_FOLDER``.

    An OPI draft is unsigned, and the official schema requires a signature: a stand-in takes its place during
    validation.
    """
    if schema not in IN_FOLDER:
        compiled = _installed(schema)
    elif folder is None:
        return SchemaResult("not-validated", reason="no-folder")
    else:
        try:
            compiled = _in_folder(folder, schema)
        except OSError:
            return SchemaResult("not-validated", reason="schema-missing")
        except etree.LxmlError:
            return SchemaResult("not-validated", reason="schema-unreadable")
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        return SchemaResult("invalid", (f"line {error.lineno or 1}: not XML",))
    root = _without_envelope(root)
    if schema == "opi" and root.find(f"{{{_DSIG}}}Signature") is None:
        root.append(etree.fromstring(STAND_IN))
    with _validating:  # a compiled schema keeps the errors of the last file
        if compiled.validate(root):
            return SchemaResult("valid")
        return SchemaResult(
            "invalid", tuple(_without_value(error) for error in list(compiled.error_log)[:MAX_FINDINGS])
        )


def _without_envelope(root: "etree._Element") -> "etree._Element":
    """A CBI request without its envelope, which says nothing itself; anything else as it is."""
    requests = root.findall(f"{{{CBI_BODY}}}CBIEnvelPaymentRequest/{{{CBI_BODY}}}CBIPaymentRequest")
    if root.tag != f"{{{CBI_BODY}}}CBIBdyPaymentRequest" or len(requests) != 1 or len(root) != 1:
        return root
    request = etree.Element(f"{{{CBI}}}CBIPaymentRequest", nsmap={None: CBI})
    request.extend(list(requests[0]))
    return request


def check_written(data: bytes, file_format: str, schemas: Iterable[str], folder: Path | None) -> tuple[str, ...]:
    """Names of the schemas that accept a file before it leaves; an official schema that is not available is skipped.

    Raises ``BankFileInvalid`` if a schema refuses the file.
    """
    passed = []
    # Our own grammar comes first and is always there. It cannot be switched off by a missing folder, so no file leaves
    # unchecked; the official schema, where a city has it, only adds to that (decision 0023).
    for schema in schemas:
        verdict = validate(data, schema, folder)
        if verdict.outcome == "invalid":
            raise BankFileInvalid(file_format, list(verdict.errors))
        if verdict.is_valid:
            passed.append(Path(IN_FOLDER[schema]).stem if schema in IN_FOLDER else schema)
    return tuple(passed)


def notices_of(data: bytes, message_format: str, folder: Path | None) -> tuple[Notice, ...]:
    """Notices of the official schema about a file that a reader has accepted (so without a DTD and not too deep).

    There are none where no schema is expected: none exists, or the folder has none of ISO 20022.
    """
    schema = INCOMING.get(message_format)
    if schema is None or (schema in _ISO_NAMES and (folder is None or not (folder / IN_FOLDER[schema]).is_file())):
        return ()
    too_large = SchemaResult("not-validated", reason="too-large")
    verdict = validate(data, schema, folder) if len(data) <= MAX_BYTES else too_large
    if verdict.is_valid:
        return ()
    if verdict.outcome == "invalid":
        _, _, element = next(iter(verdict.errors), "").partition(": ")
        return (Notice("schema-invalid", element),)
    return (Notice("not-validated", verdict.reason or ""),)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@lru_cache(maxsize=16)
def _installed(name: str) -> etree.XMLSchema:
    """A schema that comes with the service. Raises ``OSError`` if missing, since it is always needed."""
    if name in GRAMMARS:
        return etree.XMLSchema(etree.parse(_GRAMMAR_FOLDER / f"{name}.xsd", _parser()))
    file = resources.files("sepaxml").joinpath("schemas", SHIPPED[name])
    return etree.XMLSchema(etree.fromstring(file.read_bytes(), _parser()))


@lru_cache(maxsize=16)
def _in_folder(folder: Path, name: str) -> etree.XMLSchema:
    file = folder / IN_FOLDER[name]
    if not file.is_file():
        raise FileNotFoundError(IN_FOLDER[name])
    return etree.XMLSchema(etree.parse(file, _parser()))


def _without_value(error: etree._LogEntry) -> str:
    """A schema error without the offending value, which may be a person's name."""
    found = _ELEMENT.match(error.message)
    return f"line {error.line}: {found[1] if found else '?'}: {error.type_name}"
