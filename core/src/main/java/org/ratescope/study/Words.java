package org.ratescope.study;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words of a closed set: its constants' names in lower case. */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All words of a set, for error messages. */
  static <E extends Enum<E>> String all(Class<E> set) {
    return Arrays.stream(set.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
  }

  /**
   * The constant with that word.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static <E extends Enum<E>> E parse(Class<E> set, String word) {
    return Arrays.stream(set.getEnumConstants())
        .filter(constant -> of(constant).equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("came '%s', allowed: %s".formatted(word, all(set))));
  }
}
