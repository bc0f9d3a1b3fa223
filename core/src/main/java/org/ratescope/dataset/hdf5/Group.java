package org.ratescope.dataset.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ratescope.dataset.hdf5.object.Hdf5File;
import org.ratescope.dataset.hdf5.object.LocalHeap;
import org.ratescope.dataset.hdf5.object.ObjectHeader;

/**
 * A group of an HDF5 file, to look up one member: by a symbol table (section III.A, III.C, III.D)
 * or by links in its header (section IV.A.2.g).
 */
final class Group {
  private static final int NAMES_SHOWN = 20;
  private static final int SOFT_ENTRY = 2;

  /** Types of links in a header. */
  private static final int HARD = 0;

  private static final int SOFT = 1;
  private static final int EXTERNAL = 64;

  private final Hdf5File file;
  private final String wanted;
  private final List<String> names = new ArrayList<>();
  private final Set<Long> seen = new HashSet<>();
  private @Nullable Member found;

  /** The target of a name. */
  sealed interface Member {}

  /** An object of this file. */
  record Header(long address) implements Member {}

  /** Another name in this file, from its root if it begins with a slash. */
  record SoftLink(String path) implements Member {}

  /** A name in another file. */
  record ExternalLink(String file, String path) implements Member {}

  private Group(Hdf5File file, String wanted) {
    this.file = file;
    this.wanted = wanted;
  }

  /** Looks up a member. */
  static Member member(Hdf5File file, long groupHeader, String name) throws IOException {
    ObjectHeader header = ObjectHeader.read(file, groupHeader);
    Group group = new Group(file, name);
    Optional<ByteBuffer> table = header.message(ObjectHeader.SYMBOL_TABLE);
    if (table.isPresent()) {
      ByteBuffer body = table.get();
      long tree = file.offset(body);
      group.node(tree, LocalHeap.read(file, file.offset(body)), Integer.MAX_VALUE);
    }
    for (ByteBuffer link : header.messages(ObjectHeader.LINK)) {
      group.link(link);
    }
    if (group.found != null) {
      return group.found;
    }
    group.refuseDense(header);
    List<String> shown = group.names.stream().sorted().limit(NAMES_SHOWN).toList();
    throw file.error("there is no %s, there are: %s".formatted(name, String.join(", ", shown)));
  }

  private void refuseDense(ObjectHeader header) throws IOException {
    Optional<ByteBuffer> info = header.message(ObjectHeader.LINK_INFO);
    if (info.isPresent()) {
      ByteBuffer body = info.get();
      int flags = body.get(1);
      body.position((flags & 1) == 0 ? 2 : 10);
      if (file.offset(body) != -1) {
        throw file.error(
            ("the group with %s has so many members that they are stored in a heap, which is not"
                    + " read; copy the arrays into a separate file")
                .formatted(wanted));
      }
    }
  }

  private void requireSignature(ByteBuffer block, String letters, long address) throws IOException {
    if (block.getInt() != ObjectHeader.signature(letters)) {
      throw file.error("no %s at offset %d".formatted(letters, address));
    }
  }

  /** Levels decrease from node to node, so a damaged tree cannot cause an endless loop. */
  private void node(long address, LocalHeap heap, int below) throws IOException {
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

  private void symbols(long address, LocalHeap heap) throws IOException {
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
      String name = heap.name(file.offset(entries));
      long header = file.offset(entries);
      boolean soft = entries.getInt() == SOFT_ENTRY;
      long target = Integer.toUnsignedLong(entries.getInt(entries.position() + 4));
      names.add(shown(name));
      if (name.equals(wanted)) {
        found = soft ? new SoftLink(heap.name(target)) : new Header(header);
      }
    }
  }

  private static String shown(String name) {
    return name.replaceAll("\\p{C}", "?");
  }

  private void link(ByteBuffer body) throws IOException {
    body.get(); // version
    int flags = body.get();
    int type = (flags & 1 << 3) == 0 ? HARD : Byte.toUnsignedInt(body.get());
    int skipped = ((flags & 1 << 2) == 0 ? 0 : 8) + ((flags & 1 << 4) == 0 ? 0 : 1);
    body.position(body.position() + skipped);
    String name = text(body, ObjectHeader.unsigned(body, 1 << (flags & 3)));
    names.add(shown(name));
    if (name.equals(wanted)) {
      found = target(type, body);
    }
  }

  private Member target(int type, ByteBuffer body) throws IOException {
    return switch (type) {
      case HARD -> new Header(file.offset(body));
      case SOFT -> new SoftLink(text(body, ObjectHeader.unsigned(body, 2)));
      case EXTERNAL -> {
        ByteBuffer names = body.slice(body.position() + 2 + 1, body.remaining() - 2 - 1);
        yield new ExternalLink(LocalHeap.upToZero(file, names), LocalHeap.upToZero(file, names));
      }
      default ->
          throw file.error(
              "%s is a link of type %d; expected an object or a soft or external link"
                  .formatted(shown(wanted), type));
    };
  }

  private String text(ByteBuffer body, long length) throws IOException {
    if (!(length >= 0 && length <= body.remaining())) {
      throw file.error("a name of %d bytes in a message that is shorter".formatted(length));
    }
    byte[] text = new byte[(int) length];
    body.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
