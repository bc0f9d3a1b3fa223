package org.ratescope.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ratescope.data.ImageSet;
import org.ratescope.file.WholeFile;
import org.ratescope.record.RecordStore;
import org.ratescope.record.RunSummary;
import org.ratescope.record.Summaries;
import org.ratescope.study.RunId;
import org.ratescope.study.RunSpec;

/**
 * The promise that all runs of one data text in a results folder saw the same images. The text says
 * nothing of files, so their hash is kept beside the records, in {@code images/}, when the first
 * run begins.
 */
final class SameImages {
  private SameImages() {}

  /**
   * Checks the promise, or gives it.
   *
   * @param recorded runs whose records are looked at
   * @throws IOException if runs were begun or recorded with other images of the same text
   */
  static void require(List<RunSpec> recorded, RecordStore store, ImageSet images)
      throws IOException {
    String text = images.spec().text();
    Path file =
        store.root().resolve("images").resolve(RunId.of("images=" + text).hex() + ".sha256");
    if (Files.exists(file)) {
      String first = Files.readString(file).split("\\s", 2)[0];
      requireSame(first, images, file);
    }
    List<RunSpec> runs = recorded.stream().filter(run -> run.data().equals(images.spec())).toList();
    Summaries records = store.summaries(runs);
    for (RunSpec run : runs) {
      Optional<RunSummary> record = records.of(run);
      if (record.isPresent()) {
        requireSame(record.get().dataSha256(), images, store.recordFile(run.id()));
      }
    }
    if (!Files.exists(file)) {
      String line = "%s  %s%n".formatted(images.sha256(), text);
      WholeFile.write(file, line.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void requireSame(String before, ImageSet images, Path file) throws IOException {
    if (!before.equals(images.sha256())) {
      throw new IOException(
          ("%s: the images are not those of the runs in this results folder (SHA-256 %s, by %s; now"
                  + " %s): give the changed images another name in the study, use another results"
                  + " folder, or remove that file and the records of these runs")
              .formatted(images.spec().text(), before, file, images.sha256()));
    }
  }
}
