-- Sums and retention, for cron or a systemd timer, each hour:  psql -c "SELECT rhythmd.sum_up(); SELECT rhythmd.forget('90 days')"
-- A bed says some 3,600 vitals and 4,000 beats an hour; the sums are kept for good.
SET search_path TO rhythmd;

CREATE TABLE IF NOT EXISTS hour (
  device text NOT NULL, t timestamptz NOT NULL, hr_least real, hr_mean real, hr_most real, beats integer NOT NULL, ventricular integer NOT NULL,
  supraventricular integer NOT NULL, alerts_high integer NOT NULL, alerts_all integer NOT NULL, seconds_known integer NOT NULL,
  PRIMARY KEY (device, t));

-- Hours are summed again as long as late messages may come: an outbox holds a week.
CREATE OR REPLACE FUNCTION sum_up(since interval DEFAULT '8 days') RETURNS void LANGUAGE sql SET search_path = rhythmd AS $$
  INSERT INTO hour
  SELECT device, t, min(hr_least), min(hr_mean), max(hr_most), sum(beats), sum(v), sum(s), sum(high), sum(alerts), sum(known) FROM (
    SELECT device, date_trunc('hour', t) AS t, min(hr_bpm) AS hr_least, avg(hr_bpm)::real AS hr_mean, max(hr_bpm) AS hr_most,
      0 AS beats, 0 AS v, 0 AS s, 0 AS high, 0 AS alerts, count(hr_bpm) AS known
      FROM vitals WHERE t >= date_trunc('hour', now() - since) GROUP BY 1, 2
    UNION ALL
    SELECT device, date_trunc('hour', t), NULL, NULL, NULL, count(*), count(*) FILTER (WHERE label = 'V'),
      count(*) FILTER (WHERE label = 'S'), 0, 0, 0 FROM beat WHERE t >= date_trunc('hour', now() - since) GROUP BY 1, 2
    UNION ALL
    SELECT device, date_trunc('hour', t), NULL, NULL, NULL, 0, 0, 0, count(*) FILTER (WHERE priority = 'high'), count(*), 0
      FROM alert WHERE phase = 'start' AND t >= date_trunc('hour', now() - since) GROUP BY 1, 2
  ) AS parts GROUP BY device, t
  ON CONFLICT (device, t) DO UPDATE SET hr_least = excluded.hr_least, hr_mean = excluded.hr_mean, hr_most = excluded.hr_most,
    beats = excluded.beats, ventricular = excluded.ventricular, supraventricular = excluded.supraventricular,
    alerts_high = excluded.alerts_high, alerts_all = excluded.alerts_all, seconds_known = excluded.seconds_known;
$$;

-- Alerts are few, and stay ten times as long. Not less than what is still summed.
CREATE OR REPLACE FUNCTION forget(age interval) RETURNS void LANGUAGE plpgsql SET search_path = rhythmd AS $$
BEGIN
  IF age < interval '9 days' THEN RAISE EXCEPTION 'forget: % is less than 9 days, which sum_up() still reads', age; END IF;
  DELETE FROM beat WHERE t < now() - age;
  DELETE FROM vitals WHERE t < now() - age;
  DELETE FROM strip WHERE t < now() - age;
  DELETE FROM alert WHERE t < now() - age * 10;
  DELETE FROM odd WHERE taken < now() - age;
END $$;
