package org.ratescope.results.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.ratescope.io.AtomicFile;
import org.ratescope.spec.RunSpec;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Study;
import org.ratescope.study.Suite;

/**
 * The records of a study in one compressed file, {@code NAME.records.gz}, to publish them: without
 * weights, timings and checkpoints. The content is a sequence of JSON objects in gzip, {@code
 * {"path": "records/0123456789abcdef.json", "content": "…"}}, with each file's text unchanged, so
 * that its checksum still holds. See docs/record-format.md.
 */
public final class RecordArchive {
  /** How the name of an archive ends. */
  public static final String SUFFIX = ".records.gz";

  /** Files that an archive may hold: nothing outside the folders of a results folder. */
  private static final Pattern PATHS =
      Pattern.compile(
          "(records|data|details/[a-z-]{1,40}|priors/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79})/[0-9a-f]{16}\\.json");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecordArchive() {}

  /**
   * Writes an archive for each study of a suite that has records. A file that several studies share
   * is in the archive of the first one.
   *
   * @param folder the folder of the archives, which is created
   * @return the archives
   * @throws IOException if a record is damaged or an archive cannot be written
   */
  public static List<Path> write(Suite suite, RecordStore store, Path folder) throws IOException {
    Set<Path> written = new LinkedHashSet<>();
    List<Path> archives = new ArrayList<>();
    for (Study study : suite.studies()) {
      Set<Path> files = files(suite, study, store);
      files.removeAll(written);
      if (!files.isEmpty()) {
        Files.createDirectories(folder);
        Path archive = folder.resolve(study.name() + SUFFIX);
        AtomicFile.write(archive, out -> write(files, store.root(), Channels.newOutputStream(out)));
        archives.add(archive);
        written.addAll(files);
      }
    }
    return archives;
  }

  /** The study's files that exist. */
  private static Set<Path> files(Suite suite, Study study, RecordStore store) throws IOException {
    Set<Path> files = new LinkedHashSet<>();
    List<Path> priors = folders(store.priors());
    for (RunSpec declared : study.runs()) {
      for (RunSpec run :
          Stream.concat(Stream.of(declared), suite.repeatOf(declared).stream()).toList()) {
        files.add(store.recordFile(run.id()));
        for (Detail detail : study.evaluation().details()) {
          files.add(store.detailFile(detail, run.id()));
        }
        for (Path prior : priors) {
          files.add(prior.resolve(store.recordFile(run.id()).getFileName()));
        }
      }
    }
    Analysis.of(study).forEach(analysis -> files.add(store.dataFile(analysis)));
    files.removeIf(file -> !Files.isRegularFile(file));
    return files;
  }

  /** The folders in a folder, sorted by name; none if there is no such folder. */
  private static List<Path> folders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static void write(Set<Path> files, Path root, OutputStream out) throws IOException {
    GZIPOutputStream zipped = new GZIPOutputStream(out); // the caller closes the file
    for (Path file : files) {
      byte[] bytes = AtomicFile.read(file);
      try {
        boolean unused = RecordChecksum.check(bytes);
      } catch (IOException e) {
        throw AtomicFile.named(file, e);
      }
      ObjectNode entry = MAPPER.createObjectNode();
      entry.put("path", root.relativize(file).toString().replace('\\', '/'));
      entry.put("content", new String(bytes, StandardCharsets.UTF_8));
      zipped.write(MAPPER.writeValueAsBytes(entry));
      zipped.write('\n');
    }
    zipped.finish();
  }

  /** The archives in a folder, sorted by name; none if there is no such folder. */
  public static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /**
   * Puts the files of an archive into a results folder; a file that is there with the same content
   * stays.
   *
   * @throws IOException naming the archive and the entry, if it is not an archive or is damaged
   */
  public static void unpack(Path archive, RecordStore store) throws IOException {
    int number = 0;
    try (InputStream in =
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)));
        MappingIterator<JsonNode> entries = MAPPER.readerFor(JsonNode.class).readValues(in)) {
      while (entries.hasNextValue()) {
        JsonNode entry = entries.nextValue();
        number++;
        unpack(entry, store);
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s, entry %d: %s".formatted(archive, number + 1, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new IOException("%s, entry %d: %s".formatted(archive, number, e.getMessage()), e);
    }
  }

  private static void unpack(JsonNode entry, RecordStore store) throws IOException {
    String path = entry.path("path").asText();
    if (!PATHS.matcher(path).matches() || !entry.path("content").isTextual()) {
      throw new IOException(
          "got path \"%s\"; expected a file of records, data, details or priors, with a text as content"
              .formatted(path));
    }
    byte[] content = entry.path("content").asText().getBytes(StandardCharsets.UTF_8);
    boolean unused = RecordChecksum.check(content);
    Path file = store.root().resolve(path);
    if (!Files.exists(file) || !Arrays.equals(AtomicFile.read(file), content)) {
      AtomicFile.writeUnforced(file, content);
    }
  }
}
