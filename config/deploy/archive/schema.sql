-- What all devices of a base say, in PostgreSQL (15, Debian bookworm): psql -f schema.sql. A message that comes twice changes nothing.
-- `take` sorts one message into its table; what it cannot read is kept in `odd`, so that nothing stops the archive.
CREATE SCHEMA IF NOT EXISTS rhythmd;
SET search_path TO rhythmd;

CREATE TABLE IF NOT EXISTS beat (
  device text NOT NULL, id text NOT NULL, t timestamptz NOT NULL, seq bigint, label text, code text, p real, rr_ms real, hr_bpm real,
  quality real, lead text, model text, replay boolean, PRIMARY KEY (device, id));
CREATE TABLE IF NOT EXISTS alert (
  device text NOT NULL, id text NOT NULL, phase text NOT NULL, t timestamptz NOT NULL, started timestamptz, kind text, priority text,
  text text, evidence jsonb, silenced boolean, acknowledged boolean, replay boolean, PRIMARY KEY (device, id, t, phase));
CREATE TABLE IF NOT EXISTS vitals (
  device text NOT NULL, t timestamptz NOT NULL, hr_bpm real, rr_ms real, sdnn_ms real, quality real, beats_per_min jsonb,
  PRIMARY KEY (device, t));
CREATE TABLE IF NOT EXISTS strip (
  device text NOT NULL, alert_id text NOT NULL, t timestamptz NOT NULL, event jsonb NOT NULL, PRIMARY KEY (device, alert_id, t));
CREATE TABLE IF NOT EXISTS odd (taken timestamptz NOT NULL DEFAULT now(), topic text NOT NULL, payload text NOT NULL, reason text NOT NULL);
CREATE INDEX IF NOT EXISTS beat_t ON beat USING brin (t);
CREATE INDEX IF NOT EXISTS alert_t ON alert (t);
CREATE INDEX IF NOT EXISTS vitals_t ON vitals USING brin (t);
CREATE INDEX IF NOT EXISTS strip_t ON strip (t);

-- `device` is all levels above the message: ecg/ward-3/bed-01. Null stays null, and is never 0.
CREATE OR REPLACE FUNCTION take(topic text, payload text) RETURNS void LANGUAGE plpgsql SET search_path = rhythmd AS $$
DECLARE
  e jsonb;
  parts text[] := regexp_match(topic, '^(.+)/(beat|alert|vitals|strip)(?:/[^/]+)?$');
  at timestamptz;
BEGIN
  e := payload::jsonb;
  at := to_timestamp((coalesce(e->>'t_ms', e->>'start_t_ms'))::double precision / 1000);
  CASE parts[2]
    WHEN 'beat' THEN
      INSERT INTO beat SELECT parts[1], e->>'id', at, (e->>'seq')::bigint, e->>'label', e->>'code', (e->>'p')::real, (e->>'rr_ms')::real,
        (e->>'hr_bpm')::real, (e->>'quality')::real, e->>'lead', e->>'model', (e->>'replay')::boolean ON CONFLICT DO NOTHING;
    WHEN 'alert' THEN
      INSERT INTO alert SELECT parts[1], e->>'id', e->>'phase', at, to_timestamp((e->>'start_t_ms')::double precision / 1000), e->>'kind',
        e->>'priority', e->>'text', e->'evidence', (e->>'silenced')::boolean, (e->>'acknowledged')::boolean, (e->>'replay')::boolean
        ON CONFLICT DO NOTHING;
    WHEN 'vitals' THEN
      INSERT INTO vitals SELECT parts[1], at, (e->>'hr_bpm')::real, (e->>'rr_ms')::real, (e->>'sdnn_ms')::real, (e->>'quality')::real,
        e->'beats_per_min' ON CONFLICT DO NOTHING;
    WHEN 'strip' THEN
      INSERT INTO strip SELECT parts[1], e->>'alert_id', at, e ON CONFLICT DO NOTHING;
  END CASE;
EXCEPTION
  -- Of this message only. A full disk or a lost server is none of these: the message is not acknowledged, and comes again.
  WHEN data_exception OR integrity_constraint_violation OR case_not_found THEN
    INSERT INTO odd (topic, payload, reason) VALUES (left(topic, 500), left(payload, 2000), SQLERRM);
END $$;
