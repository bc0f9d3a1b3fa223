package org.ratescope.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A group of an HDF5 file, of which one member is wanted: by a symbol table (section III.A, III.C,
 * III.D) or by links in its header (section IV.A.2.g).
 */
final class Group {
  private static final int NAMES_SHOWN = 20;
  private static final int HARD = 0;
  private static final int SOFT_ENTRY = 2;

  private final Hdf5File file;
  private final String wanted;
  private final List<String> names = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private long found = -1;

  private Group(Hdf5File file, String wanted) {
    this.file = file;
    this.wanted = wanted;
  }

  /** Address of a member's object header. */
  static long member(Hdf5File file, long groupHeader, String name) throws IOException {
    ObjectHeader header = ObjectHeader.read(file, groupHeader);
    Group group = new Group(file, name);
    Optional<ByteBuffer> table = header.message(ObjectHeader.SYMBOL_TABLE);
    if (table.isPresent()) {
      long tree = file.offset(table.get());
      group.node(tree, group.heap(file.offset(table.get())), Integer.MAX_VALUE);
    }
    for (ByteBuffer link : header.messages(ObjectHeader.LINK)) {
      group.link(link);
    }
    if (group.found < 0) {
      group.refuseDense(header);
      List<String> shown = group.names.stream().limit(NAMES_SHOWN).toList();
      throw file.error("there is no %s, there are: %s".formatted(name, String.join(", ", shown)));
    }
    return group.found;
  }

  private void refuseDense(ObjectHeader header) throws IOException {
    Optional<ByteBuffer> info = header.message(ObjectHeader.LINK_INFO);
    if (info.isPresent()) {
      ByteBuffer body = info.get();
      int flags = body.get(1);
      body.position((flags & 1) == 0 ? 2 : 10);
      if (file.offset(body) != -1) {
        throw file.error(
            ("the group with %s has so many members that they are kept in a heap, which is not"
                    + " read; copy the arrays into a file of their own")
                .formatted(wanted));
      }
    }
  }

  private record Heap(long address, long size) {}

  private Heap heap(long address) throws IOException {
    ByteBuffer block = file.block(address, 8 + 2 * file.lengthBytes() + file.offsetBytes());
    requireSignature(block, "HEAP", address);
    block.position(8);
    long size = file.length(block);
    block.position(8 + 2 * file.lengthBytes());
    return new Heap(file.offset(block), size);
  }

  private void requireSignature(ByteBuffer block, String letters, long address) throws IOException {
    if (block.getInt() != ObjectHeader.signature(letters)) {
      throw file.error("no %s at offset %d".formatted(letters, address));
    }
  }

  /** Levels go down from node to node, so a damaged tree cannot go round in a circle. */
  private void node(long address, Heap heap, int below) throws IOException {
    if (!seen.add(address)) {
      throw file.error("a tree of names that reaches offset %d twice".formatted(address));
    }
    ByteBuffer head = file.block(address, 8);
    requireSignature(head, "TREE", address);
    int type = head.get();
    int level = Byte.toUnsignedInt(head.get());
    int entries = Short.toUnsignedInt(head.getShort());
    if (type != 0 || level >= below) {
      throw file.error(
          "a node of type %d and level %d at offset %d".formatted(type, level, address));
    }
    int step = file.lengthBytes() + file.offsetBytes();
    ByteBuffer children = file.block(address + 8 + 2L * file.offsetBytes(), (long) entries * step);
    for (int i = 0; i < entries; i++) {
      children.position(i * step + file.lengthBytes());
      long child = file.offset(children);
      if (level > 0) {
        node(child, heap, level);
      } else {
        symbols(child, heap);
      }
    }
  }

  private void symbols(long address, Heap heap) throws IOException {
    if (!seen.add(address)) {
      throw file.error("a tree of names that reaches offset %d twice".formatted(address));
    }
    ByteBuffer head = file.block(address, 8);
    requireSignature(head, "SNOD", address);
    int count = Short.toUnsignedInt(head.getShort(6));
    int step = 2 * file.offsetBytes() + 24;
    ByteBuffer entries = file.block(address + 8, (long) count * step);
    for (int i = 0; i < count; i++) {
      entries.position(i * step);
      String name = name(heap, file.offset(entries));
      long header = file.offset(entries);
      add(name, entries.getInt() == SOFT_ENTRY ? -1 : header);
    }
  }

  private String name(Heap heap, long offset) throws IOException {
    if (!(offset >= 0 && offset < heap.size())) {
      throw file.error(
          "a name at %d outside of its heap of %d bytes".formatted(offset, heap.size()));
    }
    long most = Math.min(heap.size() - offset, 1 << 10);
    return upToZero(file.block(heap.address() + offset, most));
  }

  private static String upToZero(ByteBuffer bytes) {
    int end = 0;
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    return StandardCharsets.UTF_8.decode(bytes.slice(0, end)).toString();
  }

  private void link(ByteBuffer body) {
    body.get(); // version
    int flags = body.get();
    int type = (flags & 1 << 3) == 0 ? HARD : Byte.toUnsignedInt(body.get());
    int skipped = ((flags & 1 << 2) == 0 ? 0 : 8) + ((flags & 1 << 4) == 0 ? 0 : 1);
    body.position(body.position() + skipped);
    long length = ObjectHeader.unsigned(body, 1 << (flags & 3));
    byte[] name = new byte[(int) Math.min(Math.max(length, 0), body.remaining())];
    body.get(name);
    add(new String(name, StandardCharsets.UTF_8), type == HARD ? file.offset(body) : -1);
  }

  /** Keeps a member's name; links that are no objects of this file have no header. */
  private void add(String name, long header) {
    names.add(name.replaceAll("[^ -~]", "?"));
    if (name.equals(wanted)) {
      found = header;
    }
  }
}
