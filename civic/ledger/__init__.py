"""The append-only public record.

Terms: ledger entry, leaf, opening. Door: ``ledger.actions.record``, which every act calls in its
own transaction. A leaf holds salted commitments and random ids only: no text, no name, no address.
"""
