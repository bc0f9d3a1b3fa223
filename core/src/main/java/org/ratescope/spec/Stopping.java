package org.ratescope.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ratescope.spec.text.Checks;
import org.ratescope.spec.text.Wording;

/**
 * When a run ends before its last iteration (appendix C.7). Its text form is what a study file
 * says, {@code patience:10}.
 */
public sealed interface Stopping {

  /** The canonical text form, which {@link #parse} reads back. */
  String text();

  /** What people call it. */
  String displayName();

  /** Never: all iterations are carried out, and the last weights are kept. */
  record Never() implements Stopping {
    @Override
    public String text() {
      return "never";
    }

    @Override
    public String displayName() {
      return "all iterations";
    }
  }

  /**
   * Early stopping. A part of the training set is set aside; the objective's loss is measured on it
   * at intervals, and the run ends when that has not fallen for a number of measurements. The
   * weights with the smallest loss are kept, also when the run goes on to its last iteration. The
   * paper says that it stopped early and not by which rule: these defaults are ours.
   *
   * @param patience measurements in a row without a smaller loss that end the run, at least 1
   * @param every updates from one measurement to the next, at least 1
   * @param validation share of the training examples that is set aside, above 0 and below 1
   */
  record Patience(int patience, int every, double validation) implements Stopping {
    static final int EVERY = 1000;
    static final double VALIDATION = 0.1;

    public Patience {
      Checks.atLeast("patience", patience, 1);
      Checks.atLeast("every", every, 1);
      Checks.ratio("validation", validation);
      if (!(validation < 1)) {
        throw new IllegalArgumentException("validation must be below 1, got " + validation);
      }
    }

    @Override
    public String text() {
      return "patience:" + patience + ",every=" + every + ",validation=" + validation;
    }

    @Override
    public String displayName() {
      return "early stopping";
    }
  }

  /** What {@link #parse} accepts, for error messages. */
  String ALLOWED =
      "never, or patience:MEASUREMENTS, which may be followed by every=UPDATES and"
          + " validation=SHARE, for example patience:10,every=1000,validation=0.1";

  /**
   * Reads a text form; settings left out have their defaults.
   *
   * @throws IllegalArgumentException naming what came and what is allowed
   */
  static Stopping parse(String text) {
    if (text.equals("never")) {
      return new Never();
    }
    Matcher form =
        Pattern.compile(
                "patience:(\\d{1,9})(?:,every=(\\d{1,9}))?(?:,validation=([0-9.eE-]{1,24}))?")
            .matcher(text);
    try {
      if (form.matches()) {
        return new Patience(
            Integer.parseInt(form.group(1)),
            form.group(2) == null ? Patience.EVERY : Integer.parseInt(form.group(2)),
            form.group(3) == null ? Patience.VALIDATION : Double.parseDouble(form.group(3)));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED), e);
    }
    throw new IllegalArgumentException(Wording.unexpected(text, ALLOWED));
  }
}
