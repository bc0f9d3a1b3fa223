package org.ratescope.study;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.text.Wording;

/**
 * Results for single examples of a run, in a file beside its record. Studies request them by name,
 * since they are larger than all estimates of a run.
 */
public enum Detail {
  /** Distances, weights of Equation 5 and pictures of test examples (Figures A5–A7, A10, A11). */
  MEMORISATION("memorisation"),
  /** The inference marginal and the largest weights on a grid over two latents (Figure A8). */
  LATENT_PLANE("latent-plane"),
  /** Samples, reconstructions, traversals and interpolations as pictures. */
  GALLERY("gallery");

  /** What {@link #parse} accepts, for error messages. */
  public static final String ALLOWED =
      Arrays.stream(values()).map(Detail::text).collect(Collectors.joining(", "));

  private final String text;

  Detail(String text) {
    this.text = text;
  }

  /** The word in a study file, and the name of the folder. */
  public String text() {
    return text;
  }

  /** Whether that is one of the words. */
  public static boolean isName(String text) {
    return Arrays.stream(values()).anyMatch(detail -> detail.text.equals(text));
  }

  /** Reads {@link #text}. */
  public static Detail parse(String text) {
    return Arrays.stream(values())
        .filter(detail -> detail.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(Wording.unexpected(text, ALLOWED)));
  }

  /** Whether the detail exists for that run: a plane needs a code of two values. */
  public boolean appliesTo(RunSpec run) {
    return switch (this) {
      case MEMORISATION, GALLERY -> true;
      case LATENT_PLANE -> run.latentSize() == 2;
    };
  }
}
