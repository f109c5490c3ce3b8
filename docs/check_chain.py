"""Check the chain of a fund's books with Python alone: python check_chain.py DIR"""

import hashlib
import re
import sys
from pathlib import Path

head, count = "0" * 64, 0
for file in sorted(Path(sys.argv[1], "months").glob("*.beancount")):
    for record in file.read_text("ascii").removesuffix("\n").split("\n\n"):
        count += 1
        record = record.removesuffix("\n") + "\n"
        line = re.search(r'^  hash: "([0-9a-f]{64})"\n', record, re.MULTILINE)
        if line is None or f"\n  seq: {count}\n" not in record or f'\n  prev: "{head}"\n' not in record:
            sys.exit(f"{file.name}: record {count} does not continue the chain")
        without_hash = record[: line.start()] + record[line.end() :]
        head = hashlib.sha256((head + without_hash).encode("ascii")).hexdigest()
        if head != line[1]:
            sys.exit(f"{file.name}: record {count} was changed")
sys.stdout.write(f"{count} records, chain head {head}\n")
