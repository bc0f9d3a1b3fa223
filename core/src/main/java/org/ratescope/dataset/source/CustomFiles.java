package org.ratescope.dataset.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ratescope.dataset.ImageSource;
import org.ratescope.dataset.LabelledSplits;
import org.ratescope.dataset.Labels;
import org.ratescope.dataset.PixelType;
import org.ratescope.dataset.SourceFingerprint;
import org.ratescope.dataset.format.StoredArray;
import org.ratescope.dataset.picture.ImageFolder;
import org.ratescope.dataset.source.Conversion.Form;
import org.ratescope.spec.data.CustomImages;
import org.ratescope.spec.data.CustomImages.Kind;

/** The user's own images: a folder of pictures, an array file, an HDF5 file. */
final class CustomFiles {
  private CustomFiles() {}

  static ImageSource source(CustomImages spec) throws IOException {
    Path given =
        spec.file()
            .orElseThrow(
                () ->
                    new IOException(
                        ("%s: where these images are is not known; a study file names them under"
                                + " data (%s: PATH), the command line as %s:PATH,size=...,colour=...")
                            .formatted(spec.text(), spec.kind().text(), spec.kind().text())));
    if (!Files.exists(given)) {
      throw new NoSuchFileException(given.toString());
    }
    Path file = given.toRealPath();
    return switch (spec.kind()) {
      case IMAGES -> folder(spec, file, given);
      case ARRAY, HDF5 -> array(spec, file, given);
    };
  }

  private static ImageSource folder(CustomImages spec, Path file, Path given) throws IOException {
    ImageFolder folder = ImageFolder.list(given);
    Labels labels =
        folder.classes().isEmpty()
            ? Labels.none(folder.files().size())
            : Labels.of(
                List.of(
                    new Labels.Column(
                        Labels.CLASS,
                        folder.labels().stream().mapToDouble(Integer::doubleValue).toArray(),
                        folder.classes())));
    Conversion conversion = conversion(spec, PixelType.UINT8);
    return new FileImages(
        spec,
        SourceFingerprint.of(file.toString(), given, folder.files()),
        Optional.empty(),
        PixelType.UINT8,
        labels,
        LabelledSplits.of(spec.name(), labels),
        notes(folder),
        () -> FolderStream.open(folder, conversion));
  }

  private static Map<String, String> notes(ImageFolder folder) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("orientation", "turned as each picture's Exif orientation says");
    if (folder.skipped().total() > 0) {
      notes.put(ImageSource.SKIPPED, folder.skipped().text());
    }
    return notes;
  }

  private static Conversion conversion(CustomImages spec, PixelType pixels) {
    return new Conversion(spec.channels(), spec.height(), spec.width(), spec.fit(), pixels);
  }

  private static ImageSource array(CustomImages spec, Path file, Path given) throws IOException {
    ArrayImages images = ArrayImages.open(spec.kind(), given, spec.contents());
    List<Path> files = new ArrayList<>(List.of(given));
    files.addAll(images.files());
    Labels labels = Labels.none(images.size());
    if (spec.contents().labels().isPresent()) {
      String name = spec.contents().labels().get();
      boolean beside = spec.kind() == Kind.ARRAY && ArrayImages.isNpy(given);
      Path holder = beside ? given.resolveSibling(name) : given;
      if (beside) {
        files.add(holder);
      }
      StoredArray table =
          ArrayImages.entry(spec.kind(), holder, beside ? Optional.empty() : Optional.of(name));
      files.addAll(table.files());
      labels = LabelTable.read(table, images.size());
    }
    Form form = images.form(spec);
    PixelType pixels = images.pixels();
    return new FileImages(
        spec,
        origin(file, given, files),
        Optional.of(images.stored()),
        pixels,
        labels,
        LabelledSplits.of(spec.name(), labels),
        Map.of(),
        images.pictures(form, conversion(spec, pixels))::open);
  }

  /** Names count from the folder of the file that was given; other files may lie elsewhere. */
  private static SourceFingerprint origin(Path file, Path given, List<Path> files)
      throws IOException {
    return SourceFingerprint.of(
        file.toString(),
        given.toAbsolutePath().resolveSibling(""),
        files.stream().map(Path::toAbsolutePath).distinct().toList());
  }
}
