"""Keywords in an XMP packet: added and taken away in place, so that every other byte of the packet stays as it is.

A packet is somebody else's XML. It is parsed for the places of a few elements only, never written anew: prefixes,
comments, order, white space and properties that nobody here knows survive. No document type, and so no entity of its
own, is accepted.

What is ours is told by two marks: a hierarchical keyword below `RoomNet|`, and the property `added`, which lists the
flat keywords that were not there before. A keyword that the user had already is the user's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from roomnet_core.errors import MetadataError
from roomnet_core.export.cells import clean_text

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_Name = tuple[str, str, str]
"""Our prefix, the namespace and the name of a property."""
_SUBJECT: _Name = ("dc", "http://purl.org/dc/elements/1.1/", "subject")
_HIERARCHICAL: _Name = ("lr", "http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject")
_ADDED: _Name = ("roomnet", "urn:roomnet:xmp:1.0/", "added")
_OURS = "RoomNet|"

EMPTY_PACKET = (
    "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>\n"
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'>\n"
    f" <rdf:RDF xmlns:rdf='{_RDF}'>\n"
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    "<?xpacket end='w'?>"
).encode()
# A start tag; quotes may hold a `>`.
_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
_MAX_DEPTH = 200


@dataclass(slots=True)
class _Element:
    """An element with the offsets of its tags: `start` to `opened` is the start tag, `closing` to `end` the end tag.

    An empty-element tag ends where it opens.
    """

    name: tuple[str, str]
    attributes: dict[str, str]
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    text: str = ""
    children: list[_Element] = field(default_factory=list)

    @property
    def is_empty_tag(self) -> bool:
        return self.end == self.opened


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: bytes


@dataclass(frozen=True, slots=True)
class _Bag:
    """One keyword property of a packet: the element that lists its items, or None where the packet lacks it.

    `whole` is an element that holds no list: nothing, or one keyword as plain text.
    """

    container: _Element | None
    whole: _Element | None
    items: tuple[str, ...]


def merge_keywords(packet: bytes | None, keywords: Sequence[str], keep: Sequence[str] = ()) -> bytes:
    """`packet` (UTF-8; None makes a new one) with `keywords` as the only ones of ours.

    Each becomes an item of `dc:subject` and, below `RoomNet|`, of `lr:hierarchicalSubject`. What an earlier call added
    goes; everything else stays byte for byte. The same keywords again give the same packet. `keep` are keywords of the
    user's from another place, which join the flat ones if anything is added.

    Raises:
        MetadataError: the packet is not XMP that can be changed with certainty; the message says why.
    """
    raw = EMPTY_PACKET if packet is None else packet
    wanted = list(dict.fromkeys(filter(None, map(_keyword, keywords))))
    rdf = _find_rdf(raw)
    subject, hierarchical, added = (_find_bag(rdf, name) for name in (_SUBJECT, _HIERARCHICAL, _ADDED))
    theirs = [item for item in subject.items if item not in added.items]
    kept = list(filter(None, map(_keyword, keep))) if wanted else []
    theirs += kept
    ours = [keyword for keyword in wanted if keyword not in theirs]
    paths = [_OURS + keyword.replace("|", "/") for keyword in wanted]
    edits: list[_Edit] = []
    new: list[tuple[_Name, list[str]]] = []
    for name, bag, old, items in (
        (_SUBJECT, subject, set(added.items), [*kept, *ours]),
        (_HIERARCHICAL, hierarchical, {item for item in hierarchical.items if item.startswith(_OURS)}, paths),
        (_ADDED, added, set(added.items), ours),
    ):
        missing = [item for item in items if item not in bag.items]
        if bag.container is not None:
            edits += _change_list(raw, bag.container, old - set(items), missing)
        elif bag.whole is not None and missing:
            edits.append(_Edit(bag.whole.start, bag.whole.end, b""))
            new.append((name, [*(item for item in bag.items if item not in old), *missing]))
        elif missing:
            new.append((name, missing))
    if new:
        edits.append(_new_description(raw, rdf, new))
    result = _apply(raw, edits)
    # Somebody's photo is at stake, so what was made is read again.
    flat, tree = map(set, read_keywords(result))
    if flat != {*theirs, *ours} or {item for item in tree if item.startswith(_OURS)} != set(paths):
        raise MetadataError("its XMP metadata cannot be changed with certainty")
    return result


def read_keywords(packet: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The items of `dc:subject` and of `lr:hierarchicalSubject`.

    Raises:
        MetadataError: the packet is not XMP that can be understood with certainty.
    """
    rdf = _find_rdf(packet)
    subject, hierarchical = (_find_bag(rdf, name) for name in (_SUBJECT, _HIERARCHICAL))
    return subject.items, hierarchical.items


def holds_keywords(text: bytes) -> bool:
    """Whether XML that is not parsed may hold one of the keyword properties; true when in doubt."""
    return re.search(rb":(subject|hierarchicalSubject)\b", text) is not None


def _keyword(text: str) -> str:
    return " ".join(clean_text(text).split())


def _find_rdf(raw: bytes) -> _Element:
    root = _parse(raw)
    found = [element for element in (root, *root.children) if element.name == (_RDF, "RDF")]
    if len(found) != 1:
        raise MetadataError("its XMP metadata holds no RDF block, or several")
    return found[0]


def _parse(raw: bytes) -> _Element:
    """The root element of the packet."""
    roots: list[_Element] = []
    open_elements: list[_Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) >= _MAX_DEPTH:
            raise MetadataError("its XMP metadata is nested too deeply")
        position = parser.CurrentByteIndex
        tag = _TAG.match(raw, position)
        if tag is None:  # another encoding than the one that was asked for
            raise MetadataError("its XMP metadata is not in UTF-8")
        uri, _, local = name.rpartition("\n")
        element = _Element((uri, local), attributes, position, tag.end())
        (open_elements[-1].children if open_elements else roots).append(element)
        open_elements.append(element)

    def end(name: str) -> None:
        element = open_elements.pop()
        if raw[element.opened - 2 : element.opened] == b"/>":
            element.closing = element.end = element.opened
        else:
            element.closing = parser.CurrentByteIndex
            element.end = raw.index(b">", element.closing) + 1

    def text(data: str) -> None:
        if open_elements:
            open_elements[-1].text += data

    def refuse(*_: object) -> None:
        raise MetadataError("its XMP metadata declares a document type, which is not safe to read")

    # The encoding given here overrides a declared one: JPEG allows XMP in UTF-8 only.
    parser = expat.ParserCreate("UTF-8", "\n")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    try:
        # Some programs end a packet with zero bytes or blanks.
        parser.Parse(raw.rstrip(b"\0 \t\r\n"), True)
    except expat.ExpatError as error:
        raise MetadataError(f"its XMP metadata is damaged ({error})") from error
    except (UnicodeError, ValueError, IndexError) as error:
        raise MetadataError("its XMP metadata is not in UTF-8") from error
    return roots[0]


def _find_bag(rdf: _Element, wanted: _Name) -> _Bag:
    """The property of that name in any of the description blocks."""
    _, uri, name = wanted
    odd = MetadataError(f"its XMP metadata writes {name} in an unusual way")
    if any(f"{uri}\n{name}" in node.attributes for node in rdf.children):
        raise odd
    found = [child for node in rdf.children for child in node.children if child.name == (uri, name)]
    if not found:
        return _Bag(None, None, ())
    (element, *more) = found
    if more or element.attributes or len(element.children) > 1:
        raise odd
    if not element.children:
        text = element.text.strip()
        return _Bag(None, element, (text,) if text else ())
    container = element.children[0]
    items = container.children
    if (
        container.name not in ((_RDF, "Bag"), (_RDF, "Seq"), (_RDF, "Alt"))
        or element.text.strip()
        or container.text.strip()
        or any(item.name != (_RDF, "li") or item.children for item in items)
    ):
        raise odd
    return _Bag(container, None, tuple(item.text for item in items))


def _change_list(raw: bytes, container: _Element, remove: set[str], add: Sequence[str]) -> list[_Edit]:
    """Take items out of a list, each with the white space before it, and put others at its end."""
    edits = []
    previous = container.opened
    indent = b""
    for item in container.children:
        between = raw[previous : item.start]
        blank = not between.strip()
        indent = between if blank else indent
        if item.text in remove:
            edits.append(_Edit(previous if blank else item.start, item.end, b""))
        previous = item.end
    if not add:
        return edits
    tag = _TAG.match(raw, container.start)
    assert tag is not None
    prefix = tag[1].rpartition(b":")[0].decode()
    lines = b"".join(indent + _element(f"{prefix}:li" if prefix else "li", escape(item)) for item in add)
    if container.is_empty_tag:  # <rdf:Bag/>
        opened = raw[container.start : container.opened - 2].rstrip() + b">"
        edits.append(_Edit(container.start, container.end, opened + lines + b"</" + tag[1] + b">"))
    else:
        edits.append(_Edit(previous, previous, lines))
    return edits


def _new_description(raw: bytes, rdf: _Element, properties: list[tuple[_Name, list[str]]]) -> _Edit:
    """A description block of its own behind the others, which XMP allows; all blocks are about the same thing."""
    about = next(filter(None, (node.attributes.get(f"{_RDF}\nabout") for node in rdf.children)), "")
    lines = [f"  <rdf:Description xmlns:rdf='{_RDF}' rdf:about={quoteattr(about)}"]
    lines += [f"    xmlns:{prefix}='{uri}'" for (prefix, uri, _), _ in properties]
    lines[-1] += ">"
    for (prefix, _, name), items in properties:
        lines += [f"   <{prefix}:{name}>", "    <rdf:Bag>"]
        lines += [f"     <rdf:li>{escape(item)}</rdf:li>" for item in items]
        lines += ["    </rdf:Bag>", f"   </{prefix}:{name}>"]
    lines.append("  </rdf:Description>")
    block = "\n".join(lines).encode() + b"\n"
    tag = _TAG.match(raw, rdf.start)
    assert tag is not None
    if rdf.is_empty_tag:  # <rdf:RDF .../>
        opened = raw[rdf.start : rdf.opened - 2].rstrip() + b">\n"
        return _Edit(rdf.start, rdf.end, opened + block + b"</" + tag[1] + b">")
    # Before the blanks that indent the end tag, where there are any.
    line = len(raw[: rdf.closing].rstrip(b" \t"))
    at = line if raw[line - 1 : line] == b"\n" and line >= rdf.opened else rdf.closing
    return _Edit(at, at, block if at == line else b"\n" + block)


def _element(name: str, content: str) -> bytes:
    return f"<{name}>{content}</{name}>".encode()


def _apply(raw: bytes, edits: list[_Edit]) -> bytes:
    result = raw
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        result = result[: edit.start] + edit.text + result[edit.end :]
    return result
