package org.ratescope.dataset.hdf5.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** The messages that describe an object of an HDF5 file (sections IV.A.1 and IV.A.2). */
public final class ObjectHeader {
  public static final int DATASPACE = 0x01;
  public static final int LINK_INFO = 0x02;
  public static final int DATATYPE = 0x03;
  static final int OLD_FILL_VALUE = 0x04;
  static final int FILL_VALUE = 0x05;
  public static final int LINK = 0x06;
  public static final int EXTERNAL_FILES = 0x07;
  public static final int LAYOUT = 0x08;
  public static final int FILTERS = 0x0B;
  public static final int SYMBOL_TABLE = 0x11;

  private static final int CONTINUATION = 0x10;
  private static final int SHARED = 1 << 1;
  private static final int IN_HEADER = 2;
  private static final int SIGNED = 4; // bytes of "OHDR", "OCHK" and of a checksum

  private final Hdf5File file;
  private final long address;
  private final List<Message> messages = new ArrayList<>();
  private final Queue<Part> parts = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();

  private ObjectHeader(Hdf5File file, long address) {
    this.file = file;
    this.address = address;
  }

  private record Message(int type, int flags, ByteBuffer body) {}

  private record Part(long address, long length) {}

  public static ObjectHeader read(Hdf5File file, long address) throws IOException {
    ObjectHeader header = new ObjectHeader(file, address);
    if (file.block(address, 4).getInt() == signature("OHDR")) {
      header.readVersion2();
    } else {
      header.readVersion1();
    }
    return header;
  }

  public static int signature(String letters) {
    return ByteBuffer.wrap(letters.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt();
  }

  private void readVersion1() throws IOException {
    ByteBuffer prefix = file.block(address, 12);
    int version = prefix.get();
    if (version != 1) {
      throw file.error(
          "object header version %d at offset %d; expected 1, 2".formatted(version, address));
    }
    parts.add(new Part(address + 16, Integer.toUnsignedLong(prefix.getInt(8))));
    while (!parts.isEmpty()) {
      Part part = next();
      ByteBuffer block = file.block(part.address(), part.length());
      while (block.remaining() >= 8) {
        int type = Short.toUnsignedInt(block.getShort());
        int size = Short.toUnsignedInt(block.getShort());
        int flags = block.get();
        block.position(block.position() + 3);
        add(type, flags, block, size);
      }
    }
  }

  private void readVersion2() throws IOException {
    ByteBuffer prefix = file.block(address + SIGNED, 2);
    int version = prefix.get();
    if (version != 2) {
      throw file.error(
          "object header version %d at offset %d; expected 1, 2".formatted(version, address));
    }
    int flags = prefix.get();
    long at = address + SIGNED + 2;
    at += (flags & 1 << 5) == 0 ? 0 : 16; // times
    at += (flags & 1 << 4) == 0 ? 0 : 4; // limits of attributes
    int width = 1 << (flags & 3);
    long size = unsigned(file.block(at, width), width);
    messages(new Part(at + width, size), flags);
    while (!parts.isEmpty()) {
      Part part = next();
      if (file.block(part.address(), SIGNED).getInt() != signature("OCHK")) {
        throw file.error(
            "no continuation of an object header at offset %d".formatted(part.address()));
      }
      messages(new Part(part.address() + SIGNED, part.length() - 2 * SIGNED), flags);
    }
  }

  private void messages(Part part, int headerFlags) throws IOException {
    ByteBuffer block = file.block(part.address(), part.length());
    int ordered = (headerFlags & 1 << 2) == 0 ? 0 : 2;
    while (block.remaining() >= 4 + ordered) {
      int type = Byte.toUnsignedInt(block.get());
      int size = Short.toUnsignedInt(block.getShort());
      int flags = block.get();
      block.position(block.position() + ordered);
      add(type, flags, block, size);
    }
  }

  private Part next() throws IOException {
    Part part = parts.remove();
    if (!seen.add(part.address())) {
      throw file.error(
          "an object header that refers to itself at offset %d".formatted(part.address()));
    }
    return part;
  }

  private void add(int type, int flags, ByteBuffer block, int size) throws IOException {
    if (size > block.remaining()) {
      throw file.error("a message of %d bytes in the object header at %d".formatted(size, address));
    }
    ByteBuffer body = block.slice(block.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    block.position(block.position() + size);
    if (type == CONTINUATION) {
      parts.add(new Part(file.offset(body), file.length(body)));
    } else {
      messages.add(new Message(type, flags, body));
    }
  }

  /** A little-endian number of 1, 2, 4 or 8 bytes. */
  public static long unsigned(ByteBuffer from, int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= Byte.toUnsignedLong(from.get()) << (8 * i);
    }
    return value;
  }

  /** The message of that type, if there is one. */
  public Optional<ByteBuffer> message(int type) throws IOException {
    List<ByteBuffer> all = messages(type);
    return all.stream().findFirst();
  }

  /** The message of that type of an array; it must exist. */
  public ByteBuffer required(int type, String what) throws IOException {
    return message(type)
        .orElseThrow(
            () ->
                file.error(
                    "not an array: its header at offset %d has no %s".formatted(address, what)));
  }

  /** A message of another object: a named type (section IV.A.2, "shared message"). */
  private ByteBuffer shared(int type, ByteBuffer body) throws IOException {
    int version = body.get();
    int place = body.get();
    if (!(version >= 1 && version <= 3) || (version == 3 && place != IN_HEADER)) {
      throw file.error("a header message shared with other objects, which is not read");
    }
    body.position(version == 1 ? 8 : 2);
    ObjectHeader owner = read(file, file.offset(body));
    for (Message message : owner.messages) {
      if (message.type() == type && (message.flags() & SHARED) == 0) {
        return message.body().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw file.error("no shared message of type %d at offset %d".formatted(type, owner.address));
  }

  /** All messages of that type, each at its start. */
  public List<ByteBuffer> messages(int type) throws IOException {
    List<ByteBuffer> found = new ArrayList<>();
    for (Message message : messages) {
      if (message.type() == type) {
        ByteBuffer body = message.body().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        found.add((message.flags() & SHARED) == 0 ? body : shared(type, body));
      }
    }
    return found;
  }
}
