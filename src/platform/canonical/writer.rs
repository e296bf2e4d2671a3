//! Writes a value as canonical JSON straight away: an object's entries are written as they come and put into the order
//! of their keys when it ends. No tree of values is made in between, which for a submission saves most of the time.

use std::fmt::Display;
use std::ops::Range;

use serde::ser::{self, Impossible, Serialize};

/// Why a value has no canonical form.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotCanonical(String);

impl ser::Error for NotCanonical {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Written<T = ()> = Result<T, NotCanonical>;

/// Appends one value.
pub(super) struct Writer<'a>(pub &'a mut Vec<u8>);

fn text(out: &mut Vec<u8>, text: &str) -> Written {
    if is_escaped(text) {
        return serde_json::to_writer(out, text).map_err(ser::Error::custom);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// A word that has this byte eight times.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Whether JSON writes any of these eight characters otherwise than they are: a quotation mark, a backslash, or one below
/// a blank. A byte that is below another borrows from its highest bit, which it did not have set itself.
const fn any_escaped(bytes: [u8; 8]) -> bool {
    let word = u64::from_ne_bytes(bytes);
    let (quote, backslash) = (word ^ eight(b'"'), word ^ eight(b'\\'));
    let controls = word.wrapping_sub(eight(b' ')) & !word;
    let quotes = quote.wrapping_sub(eight(1)) & !quote;
    let backslashes = backslash.wrapping_sub(eight(1)) & !backslash;
    (controls | quotes | backslashes) & eight(0x80) != 0
}

/// Whether anything in the text has to be escaped: next to nothing has, and to find that out by the byte was two fifths of
/// what making a nation's returns took.
fn is_escaped(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    for word in words {
        if any_escaped(*word) {
            return true;
        }
    }
    let mut last = [b' '; 8];
    if let Some(place) = last.get_mut(..rest.len()) {
        place.copy_from_slice(rest);
    }
    any_escaped(last)
}

fn number(out: &mut Vec<u8>, number: impl Display) -> Written {
    use std::io::Write as _;
    write!(out, "{number}").map_err(ser::Error::custom)
}

fn float(float: f64) -> Written {
    Err(NotCanonical(format!("canonical JSON holds integers only, not {float}")))
}

/// The items of an array that has begun.
pub(super) struct Items<'a> {
    out: &'a mut Vec<u8>,
    begun: bool,
    end: &'static str,
}

/// The entries of an object that has begun: each value's place behind `start`, by its key.
pub(super) struct Entries<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    written: Vec<(Key, Range<usize>)>,
    waiting: Option<String>,
    end: &'static str,
}

/// A key before it is escaped, because that is what keys are sorted by.
enum Key {
    Field(&'static str),
    Made(String),
}

impl Key {
    fn as_str(&self) -> &str {
        match self {
            Self::Field(name) => name,
            Self::Made(name) => name,
        }
    }
}

impl<'a> Items<'a> {
    fn begin(out: &'a mut Vec<u8>, end: &'static str) -> Self {
        out.push(b'[');
        Self { out, begun: false, end }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        if self.begun {
            self.out.push(b',');
        }
        self.begun = true;
        value.serialize(Writer(self.out))
    }

    fn finish(self) {
        self.out.push(b']');
        self.out.extend_from_slice(self.end.as_bytes());
    }
}

impl<'a> Entries<'a> {
    fn begin(out: &'a mut Vec<u8>, length: usize, end: &'static str) -> Self {
        let start = out.len();
        Self { out, start, written: Vec::with_capacity(length), waiting: None, end }
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: Key, value: &T) -> Written {
        let from = self.out.len() - self.start;
        value.serialize(Writer(self.out))?;
        self.written.push((key, from..self.out.len() - self.start));
        Ok(())
    }

    fn finish(mut self) -> Written {
        let values = self.out.split_off(self.start);
        // Stable, so that of two entries with one key the later one stays, as in a map.
        self.written.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
        self.out.push(b'{');
        let mut begun = false;
        let mut entries = self.written.iter().peekable();
        while let Some((key, place)) = entries.next() {
            if entries.peek().is_some_and(|(next, _)| next.as_str() == key.as_str()) {
                continue;
            }
            if begun {
                self.out.push(b',');
            }
            begun = true;
            text(self.out, key.as_str())?;
            self.out.push(b':');
            self.out.extend_from_slice(values.get(place.clone()).unwrap_or_default());
        }
        self.out.push(b'}');
        self.out.extend_from_slice(self.end.as_bytes());
        Ok(())
    }
}

/// Opens `{"variant":`, which the content's end closes.
fn variant<'a>(out: &'a mut Vec<u8>, name: &str) -> Written<&'a mut Vec<u8>> {
    out.push(b'{');
    text(out, name)?;
    out.push(b':');
    Ok(out)
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = NotCanonical;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = Entries<'a>;

    fn serialize_bool(self, v: bool) -> Written {
        self.0.extend_from_slice(if v { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, v: i8) -> Written {
        number(self.0, v)
    }

    fn serialize_i16(self, v: i16) -> Written {
        number(self.0, v)
    }

    fn serialize_i32(self, v: i32) -> Written {
        number(self.0, v)
    }

    fn serialize_i64(self, v: i64) -> Written {
        number(self.0, v)
    }

    fn serialize_u8(self, v: u8) -> Written {
        number(self.0, v)
    }

    fn serialize_u16(self, v: u16) -> Written {
        number(self.0, v)
    }

    fn serialize_u32(self, v: u32) -> Written {
        number(self.0, v)
    }

    fn serialize_u64(self, v: u64) -> Written {
        number(self.0, v)
    }

    fn serialize_f32(self, v: f32) -> Written {
        float(v.into())
    }

    fn serialize_f64(self, v: f64) -> Written {
        float(v)
    }

    fn serialize_char(self, v: char) -> Written {
        text(self.0, v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Written {
        text(self.0, v)
    }

    fn serialize_bytes(self, v: &[u8]) -> Written {
        let mut items = Items::begin(self.0, "");
        v.iter().try_for_each(|byte| items.item(byte))?;
        items.finish();
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Written {
        text(self.0, name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Written {
        let out = variant(self.0, name)?;
        value.serialize(Writer(out))?;
        out.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Written<Items<'a>> {
        Ok(Items::begin(self.0, ""))
    }

    fn serialize_tuple(self, _: usize) -> Written<Items<'a>> {
        Ok(Items::begin(self.0, ""))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Written<Items<'a>> {
        Ok(Items::begin(self.0, ""))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Written<Items<'a>> {
        Ok(Items::begin(variant(self.0, name)?, "}"))
    }

    fn serialize_map(self, length: Option<usize>) -> Written<Entries<'a>> {
        Ok(Entries::begin(self.0, length.unwrap_or_default(), ""))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Written<Entries<'a>> {
        Ok(Entries::begin(self.0, length, ""))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        length: usize,
    ) -> Written<Entries<'a>> {
        Ok(Entries::begin(variant(self.0, name)?, length, "}"))
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Items<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Items<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.finish();
        Ok(())
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.waiting = Some(key.serialize(KeyText)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        let key = self.waiting.take().ok_or_else(|| NotCanonical("a value without a key".to_owned()))?;
        self.entry(Key::Made(key), value)
    }

    fn end(self) -> Written {
        self.finish()
    }
}

impl ser::SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
        self.entry(Key::Field(key), value)
    }

    fn end(self) -> Written {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Entries<'_> {
    type Ok = ();
    type Error = NotCanonical;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
        self.entry(Key::Field(key), value)
    }

    fn end(self) -> Written {
        self.finish()
    }
}

/// Reads a map's key: texts, whole numbers and names of variants.
struct KeyText;

macro_rules! keys {
    ($($method:ident: $kind:ty),* $(,)?) => {
        $(fn $method(self, v: $kind) -> Written<String> {
            Ok(v.to_string())
        })*
    };
}

fn no_key<T>() -> Written<T> {
    Err(NotCanonical("an object\u{2019}s key must be a text".to_owned()))
}

impl ser::Serializer for KeyText {
    type Ok = String;
    type Error = NotCanonical;
    type SerializeSeq = Impossible<String, NotCanonical>;
    type SerializeTuple = Impossible<String, NotCanonical>;
    type SerializeTupleStruct = Impossible<String, NotCanonical>;
    type SerializeTupleVariant = Impossible<String, NotCanonical>;
    type SerializeMap = Impossible<String, NotCanonical>;
    type SerializeStruct = Impossible<String, NotCanonical>;
    type SerializeStructVariant = Impossible<String, NotCanonical>;

    keys! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_char: char,
        serialize_str: &str,
    }

    fn serialize_f32(self, _: f32) -> Written<String> {
        no_key()
    }

    fn serialize_f64(self, _: f64) -> Written<String> {
        no_key()
    }

    fn serialize_bytes(self, _: &[u8]) -> Written<String> {
        no_key()
    }

    fn serialize_none(self) -> Written<String> {
        no_key()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Written<String> {
        no_key()
    }

    fn serialize_unit(self) -> Written<String> {
        no_key()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written<String> {
        no_key()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Written<String> {
        Ok(name.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written<String> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written<String> {
        no_key()
    }

    fn serialize_seq(self, _: Option<usize>) -> Written<Self::SerializeSeq> {
        no_key()
    }

    fn serialize_tuple(self, _: usize) -> Written<Self::SerializeTuple> {
        no_key()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Written<Self::SerializeTupleStruct> {
        no_key()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Written<Self::SerializeTupleVariant> {
        no_key()
    }

    fn serialize_map(self, _: Option<usize>) -> Written<Self::SerializeMap> {
        no_key()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Written<Self::SerializeStruct> {
        no_key()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Written<Self::SerializeStructVariant> {
        no_key()
    }
}
