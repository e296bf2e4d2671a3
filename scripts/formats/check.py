"""Holds files of a release to validators of others: check.py csvw|package|catalogue|pdf|atom PATH.

Prints one line for each thing looked at and ends with 1 after the first run in which one of them is wrong.
"""

import json
import subprocess
import sys
from pathlib import Path

wrong = []


def say(what, problems):
    problems = [str(problem) for problem in problems]
    print(f"{'wrong' if problems else 'right'}: {what}")
    for problem in problems:
        print(f"  {problem}")
    wrong.extend(problems)


def csvw(folder):
    """Every CSV file with its description, read by csvw, which also reads the file by it."""
    from csvw import CSVW

    found = sorted(folder.glob("*.csv-metadata.json"))
    assert found, "there is nothing to look at"
    for path in found:
        problems = []
        try:
            described = CSVW(str(path), validate=True)
            if not described.is_valid:
                problems.append("csvw finds it wrong")
            rows = list(described.t.iterdicts())
            key = described.t.tableSchema.primaryKey
            if len({tuple(row[name] for name in key) for row in rows}) != len(rows):
                problems.append("the key does not tell its rows apart")
        except Exception as error:
            problems.append(repr(error))
        say(path.name, problems)


def package(folder):
    """The data package with every file in it: schemas, values, sizes and hashes."""
    from frictionless import Package, validate

    path = folder / "datapackage.json"
    report = validate(str(path))
    problems = [error.message for error in report.errors]
    for task in report.tasks:
        problems += [f"{task.name}: {error.message}" for error in task.errors]
    listed = {resource.path for resource in Package(str(path)).resources}
    for resource in Package(str(path)).resources:
        if not resource.hash or not resource.bytes:
            problems.append(f"{resource.path} has no hash or no size")
    for other in folder.iterdir():
        if other.suffix in (".csv", ".ods", ".pdf") and other.name not in listed:
            problems.append(f"{other.name} is not in it")
    say(path.name, problems)


def catalogue(folder):
    """Both descriptions for data portals, against shapes of our own after DCAT-AP, and against each other."""
    from pyshacl import validate
    from rdflib import Graph, URIRef
    from rdflib.compare import isomorphic

    shapes = Graph().parse(Path(__file__).with_name("shapes.ttl"), format="turtle")
    graphs = []
    for name, form in (("catalogue.ttl", "turtle"), ("catalogue.jsonld", "json-ld")):
        graph = Graph().parse(folder / name, format=form)
        conforms, _, text = validate(graph, shacl_graph=shapes)
        say(name, [] if conforms else text.splitlines())
        graphs.append(graph)
    say("both catalogues are the same", [] if isomorphic(*graphs) else ["they are not"])
    download = URIRef("http://www.w3.org/ns/dcat#downloadURL")
    links = {str(link) for link in graphs[0].objects(None, download)}
    missing = [link for link in links if not (folder / link.rsplit("/", 1)[1]).exists()]
    say(f"{len(links)} downloads are there", missing or ([] if links else ["there is none"]))


def pdf(path):
    """What PDF/UA-1 asks of the structure of a file: by pdfua, which knows a part of it, and by what else a reader can see."""
    import pikepdf

    by_pdfua(path)

    problems = []
    with pikepdf.open(path) as file:
        root = file.Root
        need = lambda holds, what: None if holds else problems.append(what)
        need(bool(root.get("/MarkInfo", {}).get("/Marked", False)), "it is not marked as tagged")
        need(str(root.get("/Lang", "")) == "en-GB", "its language is not told")
        need(bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)), "its title is not shown")
        need("/Outlines" in root, "it has no bookmarks")
        with file.open_metadata() as metadata:
            need(str(metadata.get("pdfuaid:part")) == "1", "it does not say PDF/UA-1")
            need(bool(metadata.get("dc:title")), "it has no title")
        elements, levels = tags(root["/StructTreeRoot"]), []
        kinds = [str(element["/S"])[1:] for element in elements]
        for wanted in ("H1", "P", "Table", "TR", "TH", "TD", "Figure", "TOC", "TOCI"):
            need(wanted in kinds, f"it has no {wanted}")
        for element, kind in zip(elements, kinds):
            if kind == "Figure":
                need(bool(str(element.get("/Alt", ""))), "a figure has no description")
            if kind == "TH":
                need("/Scope" in attributes(element), "a header cell does not say what it heads")
            if len(kind) == 2 and kind[0] == "H" and kind[1].isdigit():
                levels.append(int(kind[1]))
        need(levels[:1] == [1], "it does not begin with a heading of level 1")
        for before, after in zip(levels, levels[1:]):
            need(after <= before + 1, f"a heading of level {after} follows one of level {before}")
        for number, page in enumerate(file.pages, 1):
            need(page.get("/Tabs") == "/S", f"page {number} is not read in the order of its structure")
            need("/StructParents" in page, f"page {number} is outside the structure")
            unmarked(page, number, need)
            for note in page.get("/Annots", []):
                need(note.get("/Subtype") != "/Link" or "/Contents" in note, f"a link on page {number} has no words")
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
                font_is_whole(item, need)
        count = len(file.pages)
    say(f"{path.name}, {count} pages", sorted(set(problems)))


def by_pdfua(path):
    """The rules of PDF/UA-1 that pdfua looks at; one that it cannot look at is said."""
    ended = subprocess.run([sys.executable, "-m", "pdfua", "check", str(path), "--format", "json"], capture_output=True)
    try:
        found = json.loads(ended.stdout)
    except ValueError:
        say(f"{path.name} by pdfua", [ended.stderr.decode(errors="replace") or "it said nothing"])
        return
    left = [one["rule_id"] for one in found["skipped"]]
    count, problems = found["summary"]["rules_run"], [f"{one}" for one in found["findings"]]
    if count < 11:
        problems.append(f"it looked at {count} things only")
    say(f"{path.name} by pdfua, {count} things looked at{', not at ' + ', '.join(left) if left else ''}", problems)


def atom(path):
    """A feed as a reader of feeds understands it: well formed, of this version, with dates and ids it can use."""
    import feedparser

    read = feedparser.parse(path.read_bytes())
    problems = [repr(read.bozo_exception)] if read.bozo else []
    if read.version != "atom10":
        problems.append(f"it is {read.version or 'nothing known'}")
    for one in [read.feed, *read.entries]:
        for name in ("id", "title", "updated"):
            if not one.get(name):
                problems.append(f"something has no {name}")
        if one.get("updated_parsed") is None:
            problems.append(f"{one.get('updated')} is no date")
    if not read.entries:
        problems.append("it has no entry")
    say(path.name, problems)


def tags(of):
    """Every element of the structure, in reading order."""
    import pikepdf

    found, left = [], [of]
    while left:
        one = left.pop()
        if isinstance(one, pikepdf.Array):
            left += reversed(list(one))
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                found.append(one)
            if "/K" in one:
                left.append(one["/K"])
    return found


def attributes(element):
    """The attributes of an element, from one dictionary or several."""
    import pikepdf

    given = element.get("/A", [])
    given = [given] if isinstance(given, pikepdf.Dictionary) else list(given)
    return {key for one in given if isinstance(one, pikepdf.Dictionary) for key in one.keys()}


def unmarked(page, number, need):
    """Whatever is drawn stands in marked content, as a part of the structure or as an artefact."""
    import pikepdf

    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            depth += 1
        elif name == "EMC":
            depth -= 1
        elif name in ("Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"):
            need(depth > 0, f"something on page {number} is outside the structure")
    need(depth == 0, f"marked content on page {number} does not end")


def font_is_whole(font, need):
    """Its letters are in the file and can be read back."""
    if font.get("/Subtype") == "/Type0":
        need("/ToUnicode" in font, "letters of a font cannot be read back")
    described = font.get("/FontDescriptor")
    if described is not None:
        need(any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")), "a font is not in the file")


{"csvw": csvw, "package": package, "catalogue": catalogue, "pdf": pdf, "atom": atom}[sys.argv[1]](Path(sys.argv[2]))
sys.exit(1 if wrong else 0)
