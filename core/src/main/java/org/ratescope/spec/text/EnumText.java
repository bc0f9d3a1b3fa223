package org.ratescope.spec.text;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The words of a closed set: its constants' names in lower case. */
public final class EnumText {
  private EnumText() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All words of a set. */
  public static <E extends Enum<E>> List<String> all(Class<E> set) {
    return Arrays.stream(set.getEnumConstants()).map(EnumText::of).toList();
  }

  /**
   * The constant with that word.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  public static <E extends Enum<E>> E parse(Class<E> set, String word) {
    return Arrays.stream(set.getEnumConstants())
        .filter(constant -> of(constant).equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Wording.unexpected(word, String.join(", ", all(set)))));
  }
}
