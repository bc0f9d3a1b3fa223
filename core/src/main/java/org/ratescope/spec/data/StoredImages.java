package org.ratescope.spec.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ratescope.spec.data.CustomImages.Contents;
import org.ratescope.spec.data.CustomImages.Kind;
import org.ratescope.spec.text.DataSpecText;
import org.ratescope.spec.text.EnumText;
import org.ratescope.spec.text.Quoted;
import org.ratescope.spec.text.Wording;

/**
 * All images of an array, in the shape in which the file has them. The text form is a path that
 * ends in {@code .npy}, or that of {@link CustomImages} without size and colour: {@code
 * array:FILE.npz,key=imgs}.
 *
 * @param kind an array or HDF5 file
 * @param file the file
 * @param contents what is read from it; no labels
 */
public record StoredImages(Kind kind, Path file, Contents contents) {
  /** What {@link #parse} accepts, for error messages. */
  public static final String ALLOWED =
      "FILE.npy, array:FILE.npz,key=NAME or hdf5:FILE,key=NAME, and if need be"
          + " ,layout=nd|nhw|nhwc|nchw and ,white=1..255";

  /** Paths that need no quotes. */
  private static final Pattern BARE = Pattern.compile("[^,=\"]+");

  public StoredImages {
    if (kind == Kind.IMAGES || contents.labels().isPresent()) {
      throw new IllegalArgumentException("expected an array without labels");
    }
  }

  /** All images of an {@code .npy} file. */
  public static StoredImages of(Path npy) {
    return new StoredImages(Kind.ARRAY, npy, Contents.NONE);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  public static StoredImages parse(String text) {
    DataSpecText parts = DataSpecText.of(text);
    return switch (parts.name()) {
      case "array", "hdf5" -> parts.read(StoredImages::of, ALLOWED);
      default -> {
        if (!isNpy(text)) {
          throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED));
        }
        yield of(Path.of(text));
      }
    };
  }

  private static StoredImages of(DataSpecText text) {
    Optional<Path> file = text.path();
    if (file.isEmpty()) {
      throw new IllegalArgumentException("the path is missing");
    }
    return new StoredImages(
        EnumText.parse(Kind.class, text.name()), file.get(), Contents.ofImages(text));
  }

  private static boolean isNpy(String text) {
    return text.toLowerCase(Locale.ROOT).endsWith(".npy");
  }

  /** The text form, which {@link #parse} reads back. */
  public String text() {
    String path = file.toString();
    boolean plain = kind == Kind.ARRAY && contents.equals(Contents.NONE) && isNpy(path);
    return plain ? path : kind.text() + ":" + Quoted.text(path, BARE) + contents.text();
  }
}
