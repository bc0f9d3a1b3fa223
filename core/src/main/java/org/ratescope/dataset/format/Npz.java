package org.ratescope.dataset.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ratescope.io.RegularFile;

/**
 * NumPy's archive format {@code .npz}: a ZIP file of {@code .npy} members, stored or deflated. A
 * member is inflated while it is read, and never beyond the size in its array's header, so a small
 * file cannot fill memory or disk.
 */
public final class Npz {
  private static final String NPY = ".npy";
  private static final int NAMES_SHOWN = 20;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final Map<Integer, String> METHODS =
      Map.of(9, "deflate64", 12, "bzip2", 14, "LZMA", 93, "Zstandard", 95, "XZ");

  private Npz() {}

  /**
   * Reads the header of the array of that name.
   *
   * @param key the array's name, with or without {@code .npy}
   * @throws FormatException if the file is not a ZIP archive or is damaged, has no such member or
   *     two of them, or the member is not an array or is shorter than its header promises
   */
  public static StoredArray open(Path file, String key) throws IOException {
    RegularFile.require(file);
    ZipDirectory.Member member;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      member = member(file, key, ZipDirectory.read(channel, file));
    }
    String where = "%s (array %s)".formatted(file, key);
    requireReadable(where, member);
    return Npy.open(new ByteSource(where, member.size(), true, () -> content(file, member)));
  }

  private static ZipDirectory.Member member(
      Path file, String key, List<ZipDirectory.Member> members) throws FormatException {
    List<ZipDirectory.Member> found =
        members.stream().filter(m -> m.name().equals(key) || m.name().equals(key + NPY)).toList();
    FormatException.require(
        !found.isEmpty(),
        file.toString(),
        "no array named %s, it has: %s".formatted(key, names(members)));
    FormatException.require(
        found.size() == 1,
        file.toString(),
        "%d members named %s or %s.npy, and programs read different ones; expected one: write"
                .formatted(found.size(), key, key)
            + " the file again with numpy.savez");
    return found.getFirst();
  }

  private static String names(List<ZipDirectory.Member> members) {
    String names =
        members.stream()
            .map(m -> ZipDirectory.shown(m.name()))
            .map(name -> name.endsWith(NPY) ? name.substring(0, name.length() - 4) : name)
            .limit(NAMES_SHOWN)
            .collect(Collectors.joining(", "));
    return names + (members.size() > NAMES_SHOWN ? " …" : "");
  }

  private static void requireReadable(String where, ZipDirectory.Member member)
      throws FormatException {
    FormatException.require(
        !member.encrypted(), where, "it is encrypted; expected a member without a password");
    int method = member.method();
    FormatException.require(
        method == STORED || method == DEFLATED,
        where,
        "it is compressed with %s; expected stored or deflated, as numpy.savez and"
                .formatted(METHODS.getOrDefault(method, "method " + method))
            + " numpy.savez_compressed write it");
    FormatException.require(
        method == STORED
            ? member.size() == member.compressed()
            : member.size() <= ByteSource.inflated(member.compressed()),
        where,
        "it claims %d bytes, which its %d %s bytes cannot hold"
            .formatted(
                member.size(), member.compressed(), method == STORED ? "stored" : "compressed"));
  }

  private static InputStream content(Path file, ZipDirectory.Member member) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return new BufferedInputStream(ZipMemberStream.of(member, channel));
  }
}
