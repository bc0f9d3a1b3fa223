package org.ratescope.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ratescope.results.store.RecordArchive;
import org.ratescope.results.store.RecordStore;

/** Archives of records from strangers: what is unpacked, and what is refused. */
class RecordArchiveTest {
  private static final String ID = "0123456789abcdef.json";

  @TempDir Path folder;

  private Path archive(String content) throws IOException {
    Path file = folder.resolve("study" + RecordArchive.SUFFIX);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private RecordStore store() {
    return RecordStore.at(folder.resolve("results"));
  }

  @Test
  void filesOfAResultsFolderAreUnpacked() throws IOException {
    String entry = "{\"path\": \"%s/" + ID + "\", \"content\": \"{}\"}";
    Path file =
        archive(
            entry.formatted("records")
                + entry.formatted("details/latent-plane")
                + entry.formatted("priors/mixture-64"));
    RecordArchive.unpack(file, store());
    RecordArchive.unpack(file, store());
    assertThat(folder.resolve("results/records/" + ID)).hasContent("{}");
    assertThat(folder.resolve("results/details/latent-plane/" + ID)).hasContent("{}");
    assertThat(folder.resolve("results/priors/mixture-64/" + ID)).hasContent("{}");
    assertThat(RecordArchive.in(folder)).containsExactly(file);
    assertThat(RecordArchive.in(folder.resolve("none"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "../" + ID,
    "records/../../" + ID,
    "/records/" + ID,
    "weights/" + ID,
    "records/x.json",
    "details/../records/" + ID,
    "priors/../" + ID,
    "priors/a/b/" + ID
  })
  void otherPathsAreRefused(String path) throws IOException {
    Path file = archive("{\"path\": \"%s\", \"content\": \"{}\"}".formatted(path));
    assertThatThrownBy(() -> RecordArchive.unpack(file, store()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "%s, entry 1: got path \"%s\"; expected a file of records, data, details or priors, with a text as content"
                .formatted(file, path));
    assertThat(folder.resolve("results")).doesNotExist();
  }

  @Test
  void damagedContentIsNamed() throws IOException {
    String content = "{\\\"a\\\": 1, \\\"crc32\\\": \\\"00000000\\\"}";
    Path file = archive("{\"path\": \"data/%s\", \"content\": \"%s\"}".formatted(ID, content));
    assertThatThrownBy(() -> RecordArchive.unpack(file, store()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ", entry 1: the checksum does not match");
    Path cut = archive("{\"path\": \"data/");
    assertThatThrownBy(() -> RecordArchive.unpack(cut, store()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(cut + ", entry 1: ");
  }
}
