package org.ratescope.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.dataset.ImageSource;
import org.ratescope.io.AtomicFile;
import org.ratescope.io.RegularFile;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunId;
import org.ratescope.spec.Split;
import org.ratescope.spec.data.DataSpec;

/**
 * Identifies the data of the runs in a results folder, from the first run on: {@code
 * images/ID.sha256}, described in docs/record-format.md. A data text contains no file names, so
 * this file distinguishes data sets with the same text.
 *
 * @param sha256 SHA-256 of the images
 * @param splits for each split of the runs, SHA-256 of its rows
 * @param origin a hash of the files from which the images were read: their names, sizes and
 *     modification times; empty if unknown
 * @param place the folder or file, if it distinguishes data sets with the same text
 */
record DatasetFingerprint(String sha256, Map<String, String> splits, String origin, String place) {
  private static final Pattern IMAGES = Pattern.compile("([0-9a-f]{64})  (.*)");
  private static final Pattern SPLIT = Pattern.compile("split ([0-9a-f]{64})  (.*)");
  private static final Pattern ORIGIN = Pattern.compile("origin ([0-9a-f-]+)  (.*)");

  DatasetFingerprint {
    splits = Map.copyOf(splits);
  }

  /** Of images and splits that were read from the current source. */
  static DatasetFingerprint of(ImageSource source, String sha256, Map<String, String> splits) {
    return new DatasetFingerprint(sha256, splits, origin(source), source.origin().place());
  }

  private static String origin(ImageSource source) {
    return source.version() + "-" + source.origin().fingerprint();
  }

  /** Whether the images were read from these files, unchanged since. */
  boolean isOf(ImageSource source) {
    return origin.equals(origin(source)) && place.equals(source.origin().place());
  }

  static Path file(RecordStore store, DataSpec data) {
    String id = RunId.of("images=" + data.text()).hex();
    return store.root().resolve("images").resolve(id + ".sha256");
  }

  /** The fingerprint of a data set; empty if it is missing or unreadable. */
  static Optional<DatasetFingerprint> read(RecordStore store, DataSpec data) {
    try {
      Path file = file(store, data);
      return Files.exists(file) ? parse(text(file), data) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // the records tell, and it is written again: see damage()
    }
  }

  /**
   * What is wrong with the file about a data set: it is there and cannot be read. It names the
   * file, and what is done.
   */
  static Optional<String> damage(RecordStore store, DataSpec data) {
    Path file = file(store, data);
    return Files.exists(file) && read(store, data).isEmpty()
        ? Optional.of(
            "%s: damaged; expected lines such as \"SHA-256  DATA\", \"origin HASH  PLACE\" and \"split SHA-256  SPLIT\", the first one of %s. The records name their data; the file is renamed when it is written again"
                .formatted(file, data.text()))
        : Optional.empty();
  }

  private static String text(Path file) throws IOException {
    RegularFile.require(file);
    return new String(AtomicFile.read(file), StandardCharsets.UTF_8);
  }

  private static Optional<DatasetFingerprint> parse(String text, DataSpec data) {
    String[] lines = text.lines().toArray(String[]::new);
    Matcher images = IMAGES.matcher(lines.length == 0 ? "" : lines[0]);
    if (!images.matches() || !images.group(2).equals(data.text())) {
      return Optional.empty();
    }
    Map<String, String> splits = new TreeMap<>();
    String origin = "";
    String place = "";
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      Matcher split = SPLIT.matcher(line);
      Matcher files = ORIGIN.matcher(line);
      if (split.matches() && isSplit(split.group(2))) {
        splits.put(split.group(2), split.group(1));
      } else if (files.matches()) {
        origin = files.group(1);
        place = files.group(2);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new DatasetFingerprint(images.group(1), splits, origin, place));
  }

  private static boolean isSplit(String text) {
    try {
      return Split.parse(text).text().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Writes this fingerprint beside the records of a data set, and keeps the splits written before.
   */
  void write(RecordStore store, DataSpec data) throws IOException {
    Optional<DatasetFingerprint> before = read(store, data);
    Map<String, String> all = new TreeMap<>();
    before.ifPresent(kept -> all.putAll(kept.splits()));
    all.putAll(splits);
    DatasetFingerprint now = new DatasetFingerprint(sha256, all, origin, place);
    if (!before.equals(Optional.of(now))) {
      Path file = file(store, data);
      if (before.isEmpty() && Files.exists(file)) {
        Path unused = AtomicFile.setAside(file);
      }
      StringBuilder text = new StringBuilder("%s  %s\n".formatted(sha256, data.text()));
      text.append("origin %s  %s\n".formatted(origin, place.replaceAll("\\R", " ")));
      all.forEach((split, hash) -> text.append("split %s  %s\n".formatted(hash, split)));
      AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
