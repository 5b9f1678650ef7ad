"""Keywords inside JPEG files: the picture and everybody else's metadata stay byte for byte, or the file is refused."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.errors import MetadataError
from roomnet_core.export.iptc import read_iptc_keywords
from roomnet_core.export.jpeg_segments import APP1, APP2, APP13, EXIF, read_layout, segment
from roomnet_core.export.xmp import keywords_of, merge_sidecar, splice
from roomnet_core.export.xmp_packet import read_keywords
from tests.pictures import make_picture

XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
DC = "xmlns:dc='http://purl.org/dc/elements/1.1/'"
LR = "xmlns:lr='http://ns.adobe.com/lightroom/1.0/'"


def jpeg(**options: object) -> bytes:
    buffer = io.BytesIO()
    make_picture(1, (64, 48)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


PLAIN = jpeg()


def packet(body: str, *, end: str = "<?xpacket end='w'?>", blank: int = 0) -> bytes:
    return (
        "<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>"
        f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {RDF}>{body}</rdf:RDF></x:xmpmeta>{' ' * blank}{end}"
    ).encode()


def described(properties: str, attributes: str = "") -> str:
    return f"<rdf:Description rdf:about='' {DC} {LR} {attributes}>{properties}</rdf:Description>"


def subjects(*names: str, container: str = "Bag") -> str:
    items = "".join(f"<rdf:li>{name}</rdf:li>" for name in names)
    return f"<dc:subject><rdf:{container}>{items}</rdf:{container}></dc:subject>"


def with_segments(*payloads: tuple[int, bytes], jpeg: bytes = PLAIN, trailer: bytes = b"") -> bytes:
    """`jpeg` with these segments behind its JFIF segment."""
    place = read_layout(jpeg).header[0].end
    return jpeg[:place] + b"".join(segment(marker, payload) for marker, payload in payloads) + jpeg[place:] + trailer


def with_packet(xml: bytes, **options: object) -> bytes:
    return with_segments((APP1, XMP + xml), **options)  # type: ignore[arg-type]


def packet_of(content: bytes) -> bytes:
    return next(
        content[part.payload + len(XMP) : part.end]
        for part in read_layout(content).header
        if content.startswith(XMP, part.payload)
    )


def without_xmp(content: bytes) -> bytes:
    for part in reversed(read_layout(content).header):
        if part.marker == APP1 and content.startswith(XMP, part.payload):
            content = content[: part.start] + content[part.end :]
    return content


def pixels(content: bytes) -> bytes:
    return Image.open(io.BytesIO(content)).convert("RGB").tobytes()


class TestAPlainPhoto:
    def test_the_keyword_is_there_and_nothing_else_has_changed(self) -> None:
        result = splice(PLAIN, ["Kitchen"])
        assert keywords_of(result) == (("Kitchen",), ("RoomNet|Kitchen",))
        assert without_xmp(result) == PLAIN and pixels(result) == pixels(PLAIN)
        assert b"Kitchen" in Image.open(io.BytesIO(result)).info["xmp"]  # where another reader looks for it
        assert keywords_of(PLAIN) == ((), ())

    def test_exif_and_jfif_stay_first(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6
        for original in (jpeg(exif=exif), jpeg(exif=exif, icc_profile=b"profile" * 20, comment=b"by me")):
            kinds = [part.marker for part in read_layout(splice(original, ["Kitchen"])).header]
            assert kinds[:3] == [0xE0, APP1, APP1]
            result = splice(original, ["Kitchen"])
            before, after = read_layout(original), read_layout(result)
            assert result[: before.header[1].end] == original[: before.header[1].end]
            assert result.startswith(EXIF, after.header[1].payload) and result.startswith(XMP, after.header[2].payload)
        only_exif = original[:2] + original[read_layout(original).header[0].end :]  # as cameras write it
        assert splice(only_exif, ["Kitchen"])[: read_layout(only_exif).header[0].end].startswith(b"\xff\xd8\xff\xe1")

    @pytest.mark.parametrize("name", ["Kitchen & Bar <2>", "厨房", "Garçonnière 🛁", "]]>", "a|b", "&amp;", "'\""])
    def test_any_name_is_read_back(self, name: str) -> None:
        result = splice(PLAIN, [name])
        assert keywords_of(result) == ((name,), ("RoomNet|" + name.replace("|", "/"),))
        assert splice(result, [name]) == result

    def test_names_lose_only_what_xml_cannot_hold(self) -> None:
        assert keywords_of(splice(PLAIN, ["Bed\x00room\ud800\ufffe\n 2 "]))[0] == ("Bedroom\ufffd 2",)
        assert splice(PLAIN, []) == PLAIN and splice(PLAIN, ["", " "]) == PLAIN

    def test_labelling_again_replaces_ours_and_keeps_the_size(self) -> None:
        once = splice(PLAIN, ["Kitchen"])
        again = splice(once, ["A considerably longer name of a room"])
        assert keywords_of(again) == (
            ("A considerably longer name of a room",),
            ("RoomNet|A considerably longer name of a room",),
        )
        assert len(again) == len(once) and keywords_of(splice(again, [])) == ((), ())
        back = splice(again, ["Kitchen"])
        assert keywords_of(back) == keywords_of(once) and len(back) == len(once)


class TestAPacketThatIsThere:
    def test_it_is_merged_and_other_keywords_stay(self) -> None:
        xml = packet(
            "<!-- mine --><rdf:Description rdf:about='uuid:1' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='5'/>"
            + described(
                subjects("Elm Street", "garden") + "<dc:title>T</dc:title>"
                "<lr:hierarchicalSubject><rdf:Bag><rdf:li>Places|Elm</rdf:li></rdf:Bag></lr:hierarchicalSubject>"
            )
        )
        result = packet_of(splice(with_packet(xml), ["Kitchen"]))
        assert read_keywords(result) == (("Elm Street", "garden", "Kitchen"), ("Places|Elm", "RoomNet|Kitchen"))
        for part in (b"<!-- mine -->", b"xmp:Rating='5'", b"<dc:title>T</dc:title>", b'rdf:about="uuid:1"'):
            assert part in result
        removed = packet_of(splice(splice(with_packet(xml), ["Kitchen"]), ["Bedroom"]))
        assert read_keywords(removed)[0] == ("Elm Street", "garden", "Bedroom")

    def test_a_keyword_the_user_had_already_stays_the_users(self) -> None:
        first = splice(with_packet(packet(described(subjects("Kitchen", "x")))), ["Kitchen"])
        assert keywords_of(first) == (("Kitchen", "x"), ("RoomNet|Kitchen",))
        assert keywords_of(splice(first, ["Bedroom"])) == (("Kitchen", "x", "Bedroom"), ("RoomNet|Bedroom",))

    def test_a_keyword_of_ours_that_another_program_sorted_in_changes_nothing(self) -> None:
        first = splice(with_packet(packet(described(subjects("z")))), ["Kitchen"])
        sorted_in = first.replace(
            b"<rdf:li>z</rdf:li><rdf:li>Kitchen</rdf:li>", b"<rdf:li>Kitchen</rdf:li><rdf:li>z</rdf:li>"
        )
        assert sorted_in != first and splice(sorted_in, ["Kitchen"]) == sorted_in

    @pytest.mark.parametrize(
        ("properties", "expected"),
        [
            (subjects("a", container="Seq"), ("a", "Kitchen")),
            (subjects("a", container="Alt"), ("a", "Kitchen")),
            ("<dc:subject/>", ("Kitchen",)),
            ("<dc:subject><rdf:Bag/></dc:subject>", ("Kitchen",)),
            ("<dc:subject> <rdf:Bag > </rdf:Bag > </dc:subject>", ("Kitchen",)),
            ("<dc:subject>a &amp; b</dc:subject>", ("a & b", "Kitchen")),
            (
                "<dc:subject><rdf:Bag>\n  <rdf:li xml:lang='en'>a&gt;b</rdf:li>\n</rdf:Bag></dc:subject>",
                ("a>b", "Kitchen"),
            ),
            ("<dc:subject><rdf:Bag><rdf:li><![CDATA[a<b]]></rdf:li></rdf:Bag></dc:subject>", ("a<b", "Kitchen")),
            ("<d:subject xmlns:d='http://purl.org/dc/elements/1.1/'><rdf:Bag/></d:subject>", ("Kitchen",)),
            ("<other:subject xmlns:other='urn:x'>not ours</other:subject>", ("Kitchen",)),
        ],
    )
    def test_every_way_to_write_keywords(self, properties: str, expected: tuple[str, ...]) -> None:
        result = splice(with_packet(packet(described(properties))), ["Kitchen"])
        assert keywords_of(result)[0] == expected and splice(result, ["Kitchen"]) == result
        # Then they are gone again, and those of the user are not.
        assert keywords_of(splice(result, []))[0] == expected[:-1]

    def test_other_prefixes_and_forms_of_the_block(self) -> None:
        forms = [
            f"<rdf:RDF {RDF}/>",
            f"<rdf:RDF {RDF}></rdf:RDF>",
            "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n \t</r:RDF>",
            "<RDF xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><Description><s:subject xmlns:s="
            "'http://purl.org/dc/elements/1.1/'><Bag><li>a</li></Bag></s:subject></Description></RDF>",
        ]
        for form in forms:
            result = splice(with_packet(form.encode()), ["Kitchen"])
            assert "Kitchen" in keywords_of(result)[0] and splice(result, ["Kitchen"]) == result

    @pytest.mark.parametrize("end", ["<?xpacket end='r'?>", '<?xpacket end="w"?>', "<?xpacket end='w'?>\0\0\0", ""])
    def test_padding_is_used_so_that_nothing_moves(self, end: str) -> None:
        original = with_packet(packet(described(subjects("a")), end=end, blank=3000))
        result = splice(original, ["Kitchen"])
        if end:
            assert len(result) == len(original) and packet_of(result).endswith(end.encode())
            assert splice(splice(result, ["A much longer name"]), ["Kitchen"]) == result
        assert keywords_of(result)[0] == ("a", "Kitchen")

    def test_without_padding_the_packet_grows_and_gets_some(self) -> None:
        original = with_packet(packet(described(subjects("a"))))
        result = splice(original, ["Kitchen"])
        assert len(result) > len(original) + 2000 and without_xmp(result) == PLAIN
        assert len(splice(result, ["A considerably longer name of a room"])) == len(result)

    def test_a_full_segment_is_refused(self) -> None:
        def filled(size: int) -> bytes:
            bare = packet(described("<dc:title></dc:title>"))
            return with_packet(bare.replace(b"<dc:title>", b"<dc:title>" + b"x" * (size - len(bare) - len(XMP))))

        with pytest.raises(MetadataError, match="no room left"):
            splice(filled(65533), ["Kitchen"])
        nearly = splice(filled(65533 - 900), ["Kitchen"])  # fits, but with hardly any padding
        assert keywords_of(nearly)[0] == ("Kitchen",)

    def test_extended_xmp_is_left_as_it_is(self) -> None:
        def extended(content: bytes) -> bytes:
            half = len(content) // 2
            heads = [b"A" * 32 + struct.pack(">II", len(content), at) for at in (half, 0)]
            parts = [EXTENSION + heads[0] + content[half:], EXTENSION + heads[1] + content[:half]]  # out of order
            return with_segments((APP1, XMP + packet(described(""))), *((APP1, part) for part in parts))

        original = extended(
            packet("<rdf:Description xmlns:g='urn:g'><g:data>" + "x" * 999 + "</g:data></rdf:Description>")
        )
        result = splice(original, ["Kitchen"])
        assert keywords_of(result)[0] == ("Kitchen",) and without_xmp(result) == without_xmp(original)
        for name in (b"dc:subject", b"lr:hierarchicalSubject"):
            with pytest.raises(MetadataError, match="extended"):
                splice(extended(b"<" + name + b">"), ["Kitchen"])

    @pytest.mark.parametrize(
        ("xml", "reason"),
        [
            (b"not xml", "damaged"),
            (b"", "damaged"),
            (packet("<rdf:Description>"), "damaged"),
            (packet("&undefined;"), "damaged"),
            (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "document type"),
            (
                b"<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]>" + packet(described(subjects("&y;")))[60:],
                "document type",
            ),
            (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" + f"<rdf:RDF {RDF}/>".encode(), "document type"),
            (f"<rdf:RDF {RDF}/>".encode("utf-16"), "damaged|UTF-8"),
            (packet(described(subjects("a"))).replace(b">a<", b">\xe9<"), "damaged|UTF-8"),
            (b"<x/>", "no RDF"),
            (b"<x>" + 2 * f"<rdf:RDF {RDF}/>".encode() + b"</x>", "no RDF"),
            (packet("<a>" * 300 + "</a>" * 300), "deep"),
            (packet(described("", "dc:subject='a'")), "unusual"),
            (packet(described(subjects("a") + subjects("b"))), "unusual"),
            (packet(described("<dc:subject rdf:parseType='Resource'/>")), "unusual"),
            (packet(described("<dc:subject>text<rdf:Bag/></dc:subject>")), "unusual"),
            (packet(described("<dc:subject><rdf:Bag>text</rdf:Bag></dc:subject>")), "unusual"),
            (packet(described("<dc:subject><rdf:Bag/><rdf:Bag/></dc:subject>")), "unusual"),
            (packet(described("<dc:subject><rdf:Bag><rdf:li><b/></rdf:li></rdf:Bag></dc:subject>")), "unusual"),
        ],
    )
    def test_what_is_not_understood_is_refused(self, xml: bytes, reason: str) -> None:
        with pytest.raises(MetadataError, match=reason):
            splice(with_packet(xml), ["Kitchen"])

    def test_two_packets_are_refused(self) -> None:
        part = (APP1, XMP + packet(""))
        with pytest.raises(MetadataError, match="several XMP packets"):
            splice(with_segments(part, part), ["Kitchen"])

    def test_a_file_with_content_credentials_is_refused(self) -> None:
        with pytest.raises(MetadataError, match="Content Credentials"):
            splice(with_segments((0xEB, b"JP\0\1\0\0\0\1\0\0\0\0jumbc2pa")), ["Kitchen"])


class TestIptcKeywords:
    def block(self, *values: bytes, utf8: bool = True) -> bytes:
        data = b"\x1c\x01\x5a\x00\x03\x1b%G" if utf8 else b""
        data += b"".join(b"\x1c\x02\x19" + struct.pack(">H", len(value)) + value for value in values)
        other = b"8BIM\x04\x0b\x03abc" + struct.pack(">I", 3) + b"url\0"
        return b"Photoshop 3.0\0" + other + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data

    def test_they_stay_in_sight(self) -> None:
        original = with_segments((APP13, self.block("Straße".encode(), b"garden")))
        result = splice(original, ["Kitchen"])
        assert keywords_of(result)[0] == ("Straße", "garden", "Kitchen") and without_xmp(result) == original
        assert splice(result, ["Kitchen"]) == result
        assert keywords_of(splice(result, ["Bedroom"]))[0] == ("Straße", "garden", "Bedroom")
        # Where XMP has keywords of its own, those are what programs show.
        both = with_segments((APP13, self.block(b"old")), (APP1, XMP + packet(described(subjects("new")))))
        assert keywords_of(splice(both, ["Kitchen"]))[0] == ("new", "Kitchen")

    def test_latin_1_and_damaged_blocks(self) -> None:
        assert read_iptc_keywords([self.block(b"Stra\xdfe", b" ", utf8=False)]) == ("Straße",)
        whole = self.block(b"a", b"b")
        assert read_iptc_keywords([whole[:30], whole[30:]]) == ()
        assert read_iptc_keywords([b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x06\x1c\x02\x19\xff\xff\xff"]) == ()

    @given(st.binary(max_size=80), st.integers(0, 90))
    def test_any_bytes_are_read_without_an_error(self, noise: bytes, at: int) -> None:
        block = self.block(b"a", b"b")
        read_iptc_keywords([block[:at] + noise + block[at:], noise])


class TestSeveralPictures:
    def mpo(self, order: str, *, index_first: bool = True, xml: bytes | None = None) -> tuple[bytes, list[bytes]]:
        """A file with three pictures, made by hand, with its XMP segment before or behind the index."""
        others = [jpeg(quality=50), jpeg(quality=90)]
        mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
        head = struct.pack(f"{order}IH", 8, 3)
        head += struct.pack(f"{order}HHI", 0xB000, 7, 4) + b"0100"
        head += struct.pack(f"{order}HHII", 0xB001, 4, 1, 3) + struct.pack(f"{order}HHIII", 0xB002, 7, 48, 50, 0)
        blank = b"MPF\0" + mark + head + bytes(48)
        parts = [(APP2, blank), *([] if xml is None else [(APP1, XMP + xml)])]
        first = with_segments(*(parts if index_first else parts[::-1]))
        base = first.index(blank) + 4
        entries = struct.pack(f"{order}IIIHH", 0x030000, len(first), 0, 0, 0)
        offset = len(first)
        for other in others:
            entries += struct.pack(f"{order}IIIHH", 0, len(other), offset - base, 0, 0)
            offset += len(other)
        first = first.replace(blank, blank[:-48] + entries)
        return first + b"".join(others), [first, *others]

    @pytest.mark.parametrize("order", "<>")
    @pytest.mark.parametrize("index_first", [True, False])
    @pytest.mark.parametrize("xml", [None, packet(described(subjects("a")))])
    def test_the_index_stays_true(self, order: str, index_first: bool, xml: bytes | None) -> None:
        original, pictures = self.mpo(order, index_first=index_first, xml=xml)
        result = splice(original, ["Kitchen"])
        image = Image.open(io.BytesIO(result))
        assert image.format == "MPO" and image.n_frames == 3  # type: ignore[attr-defined]
        for number, picture in enumerate(pictures):
            image.seek(number)
            assert image.convert("RGB").tobytes() == pixels(picture)
        assert result.endswith(b"".join(pictures[1:])) and splice(result, ["Kitchen"]) == result
        # The size of the first picture in the index is its size in the file.
        index = result.index(b"MPF\0") + 4 + 50
        assert struct.unpack_from(f"{order}I", result, index + 4)[0] == len(result) - len(b"".join(pictures[1:]))

    def test_a_damaged_index_is_refused(self) -> None:
        original, _ = self.mpo(">")
        table = original.index(b"MPF\0") + 4 + 50
        for at, value in ((table + 24, 5), (table + 24, 1 << 31), (table - 8, 64), (table - 46, 999)):
            broken = bytearray(original)
            struct.pack_into(">I", broken, at, value)
            with pytest.raises(MetadataError, match="index"):
                splice(bytes(broken), ["Kitchen"])

    def test_a_motion_photo_keeps_its_film_at_the_end(self) -> None:
        film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 20
        camera = f"xmlns:c='http://ns.google.com/photos/1.0/camera/' c:MicroVideoOffset='{len(film)}'"
        original = with_packet(packet(described("", camera)), trailer=film)
        result = splice(original, ["Kitchen"])
        assert result.endswith(film) and camera.encode() in result and without_xmp(result) == PLAIN + film
        samsung = PLAIN + b"MotionPhoto_Data" + film + b"SEFH" + bytes(20) + b"SEFT"
        assert without_xmp(splice(samsung, ["Kitchen"])) == samsung

    def test_unknown_data_behind_the_picture_is_refused_unless_nothing_moves(self) -> None:
        with pytest.raises(MetadataError, match="data of another program"):
            splice(PLAIN + b"a preview that the camera finds by its place", ["Kitchen"])
        assert splice(PLAIN + bytes(100), ["Kitchen"]).endswith(PLAIN[-10:] + bytes(100))
        roomy = with_packet(packet(described(""), blank=3000), trailer=b"a preview")
        assert splice(roomy, ["Kitchen"]).endswith(b"a preview")


class TestDamagedFiles:
    def test_every_truncation_is_refused(self) -> None:
        original = with_packet(packet(described(subjects("a"))))
        for length in range(0, len(original) - 1, 7):
            with pytest.raises(MetadataError):
                splice(original[:length], ["Kitchen"])

    def test_progressive_files_with_many_scans_and_restarts(self) -> None:
        for options in ({"progressive": True}, {"restart_marker_blocks": 1}, {"optimize": True}):
            original = jpeg(**options)
            assert read_layout(original).end == len(original)
            assert without_xmp(splice(original, ["Kitchen"])) == original

    def test_other_formats_are_refused(self) -> None:
        buffer = io.BytesIO()
        make_picture(1, (8, 8)).save(buffer, "PNG")
        with pytest.raises(MetadataError, match="not a JPEG"):
            splice(buffer.getvalue(), ["Kitchen"])


def test_sidecars() -> None:
    fresh = merge_sidecar(None, ["Kitchen"])
    assert read_keywords(fresh) == (("Kitchen",), ("RoomNet|Kitchen",))
    theirs = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {RDF}>{described(subjects('a'))}</rdf:RDF></x:xmpmeta>\n"
    declared = f"<?xml version='1.0' encoding='UTF-8'?>\n{theirs}".encode()
    for sidecar in (theirs.encode(), declared, b"\xef\xbb\xbf" + declared):
        merged = merge_sidecar(sidecar, ["Kitchen"])
        assert read_keywords(merged)[0] == ("a", "Kitchen") and merge_sidecar(merged, ["Kitchen"]) == merged
        assert merged.endswith(b"\n") and merged[:60] == sidecar[:60]
    with pytest.raises(MetadataError):
        merge_sidecar(b"", ["Kitchen"])


# --- anything that looks like a JPEG with XMP

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<&>\0"), max_size=8)
KEYWORDS = st.lists(st.sampled_from(["Kitchen", "Bedroom", "a", "RoomNet|x"]) | WORDS, max_size=2)
ITEMS = st.lists(st.sampled_from(["Kitchen", "Bedroom", "a", "RoomNet|Kitchen", "RoomNet|old"]) | WORDS, max_size=3)
SPACES = st.sampled_from(["", " ", "\n  ", "\t"])


@st.composite
def bags(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(["dc:subject", "lr:hierarchicalSubject", "roomnet:added", "dc:title"]))
    container = draw(st.sampled_from(["Bag", "Bag", "Seq", "Alt", "Other"]))
    space = draw(SPACES)
    items = "".join(f"{space}<rdf:li>{item}</rdf:li>" for item in draw(ITEMS))
    whole = f"<{name}>{space}<rdf:{container}>{items}{space}</rdf:{container}></{name}>"
    return draw(st.sampled_from([whole, whole, whole, f"<{name}/>", f"<{name}>{draw(WORDS)}</{name}>", "<!-- c -->"]))


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    blocks = draw(st.lists(st.lists(bags(), max_size=3), max_size=2))
    ours = "xmlns:roomnet='urn:roomnet:xmp:1.0/'"
    body = "".join(described("".join(block), ours) for block in blocks)
    end = draw(st.sampled_from(["<?xpacket end='w'?>", "<?xpacket end='r'?>", "", "<?xpacket end='w'?>\0 "]))
    return packet(body, end=end, blank=draw(st.sampled_from([0, 1, 150, 2048])))


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Segments in any order round a scan, with something behind the picture."""
    payload = st.one_of(
        packets().map(lambda xml: (APP1, XMP + xml)),
        st.binary(max_size=30).map(lambda noise: (APP1, EXIF + noise)),
        st.binary(max_size=60).map(lambda noise: (APP1, EXTENSION + noise)),
        st.binary(max_size=60).map(lambda noise: (APP2, b"MPF\0MM\0*" + noise)),
        st.binary(max_size=60).map(lambda noise: (APP13, b"Photoshop 3.0\x008BIM\x04\x04" + noise)),
        st.tuples(st.sampled_from([*range(0xE0, 0xF0), 0xFE, 0xDB, 0xC4, 0xC0]), st.binary(max_size=30)),
    )
    header = b"".join(
        b"\xff" * draw(st.integers(0, 2)) + segment(marker, content)
        for marker, content in draw(st.lists(payload, max_size=5))
    )
    scan = draw(st.binary(max_size=40)).replace(b"\xff", b"\xff\0")
    trailer = draw(st.sampled_from([b"", b"", b"\0\0", b"xSEFT"]) | st.binary(max_size=20))
    return b"\xff\xd8" + header + b"\xff\xda\x00\x03\x00" + scan + b"\xff\xd9" + trailer


def clean(keywords: list[str]) -> set[str]:
    return {name for keyword in keywords if (name := keywords_of_plain(keyword))}


def keywords_of_plain(keyword: str) -> str:
    """What a reader gets of a keyword, told by another way: through a photo without any metadata."""
    flat, _ = keywords_of(splice(PLAIN, [keyword]))
    return flat[0] if flat else ""


@settings(max_examples=400)
@given(streams(), KEYWORDS, KEYWORDS)
@example(with_packet(packet(described(subjects("Kitchen")))), ["Kitchen"], ["a"])
@example(
    with_segments(
        (APP1, XMP + packet(described("<lr:hierarchicalSubject><rdf:Bag><rdf:li>RoomNet|Kitchen</rdf:li></rdf:Bag>"
                                      "</lr:hierarchicalSubject>"))),
        (APP2, b"MPF\0MM\0*"),
    ),
    [],
    ["Kitchen"],
)  # fmt: skip
def test_whatever_the_file_it_is_spliced_rightly_or_refused(
    content: bytes, first: list[str], second: list[str]
) -> None:
    try:
        once = splice(content, first)
    except MetadataError:
        return
    before, after = keywords_of(content), keywords_of(once)
    assert splice(once, first) == once
    theirs = [item for item in before[1] if not item.startswith("RoomNet|")]
    assert [item for item in after[1] if not item.startswith("RoomNet|")] == theirs
    assert clean(first) <= set(after[0])
    if not first and b"roomnet:added" not in content and b"RoomNet|" not in content:
        assert once == content
    try:
        twice = splice(once, second)
    except MetadataError:  # now something would have to move, and nothing did the first time
        assert len(once) == len(content)
        return
    assert clean(second) <= set(keywords_of(twice)[0])
    # Ours of the first time are gone, theirs are all still there.
    gone = set(after[0]) - set(keywords_of(twice)[0])
    assert gone <= clean(first) - clean(second)
    assert not any(item.startswith("RoomNet|") for item in keywords_of(splice(twice, []))[1])
    for result in (once, twice):
        if b"MPF\0" not in content:
            assert without_xmp(result) == without_xmp(content)
        layout, original = read_layout(result), read_layout(content)
        assert result[layout.header[-1].end if layout.header else 2 :] == content[
            original.header[-1].end if original.header else 2 :
        ] or content.startswith(XMP, original.header[-1].payload)


@settings(max_examples=300)
@given(streams(), st.data())
def test_damage_anywhere_raises_nothing_but_the_documented_error(content: bytes, data: st.DataObject) -> None:
    noise = np.frombuffer(content, dtype=np.uint8).copy()
    for _ in range(data.draw(st.integers(1, 4))):
        noise[data.draw(st.integers(0, len(noise) - 1))] = data.draw(st.integers(0, 255))
    damaged = noise.tobytes()[: data.draw(st.integers(0, len(content)))]
    for candidate in (noise.tobytes(), damaged):
        try:
            result = splice(candidate, ["Kitchen"])
        except MetadataError:
            continue
        assert "Kitchen" in keywords_of(result)[0] and splice(result, ["Kitchen"]) == result
