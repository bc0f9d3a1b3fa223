package org.ratescope.dataset.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The verified directory of a ZIP file: the directory, the header of each member, and that no two
 * members share a byte. Supports 64-bit sizes, but not files in several parts. Source: PKWARE's
 * APPNOTE.TXT 6.3.
 */
final class ZipDirectory {
  private static final int END = 0x06054B50;
  private static final int END_BYTES = 22;
  private static final int END_64_LOCATOR = 0x07064B50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END_64 = 0x06064B50;
  private static final int END_64_BYTES = 56;
  private static final int MEMBER = 0x02014B50;
  private static final int MEMBER_BYTES = 46;
  private static final int LOCAL = 0x04034B50;
  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_64 = 1;
  private static final int UTF8_NAME = 1 << 11;
  private static final int SIZES_FOLLOW = 1 << 3;
  private static final int SHORT = 0xFFFF;
  private static final long INT = 0xFFFFFFFFL;
  private static final int MOST_BYTES = 1 << 24;

  private final FileChannel file;
  private final String where;

  private ZipDirectory(FileChannel file, String where) {
    this.file = file;
    this.where = where;
  }

  /**
   * A member.
   *
   * @param name its name
   * @param flags the header's bits
   * @param method its compression: 0 stored, 8 deflated
   * @param checksum CRC-32 of its content
   * @param compressed number of its bytes in the file
   * @param size number of bytes of its content
   * @param header offset of its own header
   * @param start offset of its first byte
   */
  record Member(
      String name,
      int flags,
      int method,
      long checksum,
      long compressed,
      long size,
      long header,
      long start) {
    boolean encrypted() {
      return (flags & 1) != 0;
    }
  }

  /**
   * The members in the order of the directory.
   *
   * @throws FormatException if the file is not a ZIP archive, or its parts are inconsistent
   */
  static List<Member> read(FileChannel file, Path path) throws IOException {
    return new ZipDirectory(file, path.toString()).members();
  }

  private List<Member> members() throws IOException {
    long end = endOffset();
    ByteBuffer last = bytes(end, END_BYTES);
    long count = Short.toUnsignedLong(last.getShort(10));
    long size = last.getInt(12) & INT;
    long offset = last.getInt(16) & INT;
    long parts = last.getShort(4) | last.getShort(6);
    if (count == SHORT || size == INT || offset == INT) {
      long locator = end - LOCATOR_BYTES;
      require(
          locator >= 0 && bytes(locator, LOCATOR_BYTES).getInt(0) == END_64_LOCATOR,
          "its end record has no 64-bit locator");
      end = bytes(locator, LOCATOR_BYTES).getLong(8);
      require(end >= 0 && end <= locator - END_64_BYTES, "its 64-bit end record is elsewhere");
      ByteBuffer large = bytes(end, END_64_BYTES);
      require(large.getInt(0) == END_64, "its 64-bit end record is missing");
      count = large.getLong(32);
      size = large.getLong(40);
      offset = large.getLong(48);
      parts = large.getInt(16) | large.getInt(20);
    }
    require(parts == 0, "it is one of several parts; expected a single file");
    require(
        size >= 0 && size <= MOST_BYTES && offset >= 0 && offset == end - size,
        "its directory of %d bytes at offset %d does not end at offset %d, where its end record is"
            .formatted(size, offset, end));
    return apart(listed(bytes(offset, (int) size), count), offset);
  }

  /** Searches for the end record, which a comment may follow up to the end of the file. */
  private long endOffset() throws IOException {
    long length = file.size();
    int tail = (int) Math.min(length, END_BYTES + SHORT);
    ByteBuffer bytes = bytes(length - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END
          && at + END_BYTES + Short.toUnsignedInt(bytes.getShort(at + 20)) == tail) {
        return length - tail + at;
      }
    }
    throw new FormatException(
        where,
        "not a ZIP archive: it has no end record, it may be truncated or have another format");
  }

  private List<Member> listed(ByteBuffer directory, long count) throws IOException {
    List<Member> members = new ArrayList<>();
    while (directory.hasRemaining()) {
      int at = directory.position();
      require(
          directory.remaining() >= MEMBER_BYTES && directory.getInt(at) == MEMBER,
          "entry %d of its directory is damaged".formatted(members.size()));
      int name = Short.toUnsignedInt(directory.getShort(at + 28));
      int extra = Short.toUnsignedInt(directory.getShort(at + 30));
      int next =
          at + MEMBER_BYTES + name + extra + Short.toUnsignedInt(directory.getShort(at + 32));
      require(
          next <= directory.limit(),
          "entry %d of its directory is longer than the directory".formatted(members.size()));
      members.add(member(directory, at, name, extra));
      directory.position(next);
    }
    require(
        members.size() == count,
        "its directory has %d entries, its end record says %d".formatted(members.size(), count));
    return members;
  }

  private Member member(ByteBuffer directory, int at, int nameBytes, int extraBytes)
      throws IOException {
    byte[] name = new byte[nameBytes];
    directory.get(at + MEMBER_BYTES, name);
    int flags = Short.toUnsignedInt(directory.getShort(at + 8));
    long[] numbers = {
      directory.getInt(at + 24) & INT,
      directory.getInt(at + 20) & INT,
      directory.getInt(at + 42) & INT
    };
    enlarge(
        numbers,
        directory.slice(at + MEMBER_BYTES + nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN));
    int method = Short.toUnsignedInt(directory.getShort(at + 10));
    Member listed =
        new Member(
            new String(
                name,
                (flags & UTF8_NAME) != 0 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
            flags,
            method,
            directory.getInt(at + 16) & INT,
            numbers[1],
            numbers[0],
            numbers[2],
            0);
    return started(listed, name);
  }

  /** An extra field contains size, compressed size and offset that need 64 bits, in this order. */
  private static void enlarge(long[] numbers, ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int bytes = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      int next = extra.position() + bytes;
      for (int i = 0; id == EXTRA_64 && i < numbers.length; i++) {
        if (numbers[i] == INT && next - extra.position() >= Long.BYTES) {
          numbers[i] = extra.getLong();
        }
      }
      extra.position(next);
    }
  }

  /** The same member with the position of its content, which its own header gives. */
  private Member started(Member member, byte[] name) throws IOException {
    String who = "member " + shown(member.name());
    long most = file.size();
    require(
        member.header() >= 0 && member.header() <= most - LOCAL_BYTES,
        "%s begins at offset %d of %d".formatted(who, member.header(), most));
    ByteBuffer local = bytes(member.header(), LOCAL_BYTES);
    int nameBytes = Short.toUnsignedInt(local.getShort(26));
    long start =
        member.header() + LOCAL_BYTES + nameBytes + Short.toUnsignedInt(local.getShort(28));
    require(
        local.getInt(0) == LOCAL && start <= most,
        "%s has no header at offset %d".formatted(who, member.header()));
    require(
        bytes(member.header() + LOCAL_BYTES, nameBytes).equals(ByteBuffer.wrap(name))
            && Short.toUnsignedInt(local.getShort(8)) == member.method(),
        "%s has another name or compression in its own header than in the directory"
            .formatted(who));
    boolean follow = (member.flags() & SIZES_FOLLOW) != 0;
    require(
        follow
            || ((local.getInt(14) & INT) == member.checksum()
                && agrees(local.getInt(18) & INT, member.compressed())
                && agrees(local.getInt(22) & INT, member.size())),
        "%s has another size or checksum in its own header than in the directory".formatted(who));
    require(
        member.compressed() >= 0 && member.size() >= 0 && member.compressed() <= most - start,
        "%s claims %d bytes after offset %d, the file has %d"
            .formatted(who, member.compressed(), start, most - start));
    return new Member(
        member.name(),
        member.flags(),
        member.method(),
        member.checksum(),
        member.compressed(),
        member.size(),
        member.header(),
        start);
  }

  private static boolean agrees(long own, long listed) {
    return own == INT || own == listed; // INT: the size is in a 64-bit extra field
  }

  private List<Member> apart(List<Member> members, long directory) throws FormatException {
    List<Member> inOrder =
        members.stream().sorted(Comparator.comparingLong(Member::header)).toList();
    for (int i = 0; i < inOrder.size(); i++) {
      Member member = inOrder.get(i);
      boolean last = i + 1 == inOrder.size();
      require(
          member.start() + member.compressed() <= (last ? directory : inOrder.get(i + 1).header()),
          "member %s overlaps %s"
              .formatted(
                  shown(member.name()),
                  last ? "the directory" : "member " + shown(inOrder.get(i + 1).name())));
    }
    return members;
  }

  /** A name as one short line, for messages. */
  static String shown(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }

  private void require(boolean condition, String problem) throws FormatException {
    FormatException.require(condition, where, "damaged ZIP archive: " + problem);
  }

  private ByteBuffer bytes(long offset, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int read = file.read(bytes, offset + bytes.position());
      require(read >= 0, "it is truncated at offset " + (offset + bytes.position()));
    }
    return bytes.flip();
  }
}
