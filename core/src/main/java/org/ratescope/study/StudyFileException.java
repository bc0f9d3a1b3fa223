package org.ratescope.study;

import java.io.IOException;

/**
 * What is wrong with a study file, as one line for people: file, line, key, what came and what is
 * allowed.
 */
public final class StudyFileException extends IOException {
  private static final long serialVersionUID = 1;

  StudyFileException(String message) {
    super(message);
  }
}
